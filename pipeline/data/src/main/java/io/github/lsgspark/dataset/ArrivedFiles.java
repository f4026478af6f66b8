package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that came into a folder, each by its path below it: a sample, or a zip or Parquet table of
 * samples.
 */
final class ArrivedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ArrivedFiles.class);

  private final SourceListing sources;
  private final String root;

  /**
   * @param root of the names, with its scheme and a slash behind it
   */
  ArrivedFiles(SourceListing sources, String root) {
    this.sources = sources;
    this.root = root;
  }

  /** What is not taken has its reason; nothing is opened but lists of what zips and tables hold. */
  Listed list(List<String> files) {
    List<SourceEntry> entries = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    for (String file : files) {
      String name = file.startsWith(root) ? file.substring(root.length()) : file;
      if (!isSource(name)) {
        entries.add(SourceEntry.file(name, "", SampleTable.UNLABELLED, file));
        continue;
      }
      try {
        Listed within = sources.listFlat(file, SampleTable.UNLABELLED);
        within.entries().forEach(entry -> entries.add(entry.withId(name + "/" + entry.id())));
        within
            .leftOut()
            .forEach(
                left ->
                    leftOut.add(
                        new LeftOut(
                            name + "/" + left.id(), left.reason(), left.detail(), left.sample())));
      } catch (LsgException e) {
        LOG.warn("{} is set aside: {}", name, e.getMessage());
        // One archive that cannot be used is set aside like one sample that cannot.
        entries.add(SourceEntry.file(name, "", SampleTable.UNLABELLED, file));
      }
    }
    return new Listed(entries, leftOut);
  }

  private static boolean isSource(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".zip") || lower.endsWith(".parquet");
  }
}
