package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.FolderLayout;
import io.github.lsgspark.dataset.layout.FoldersInClasses;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.layout.Litter;
import io.github.lsgspark.dataset.layout.Position;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists the samples of folders and zips, and accounts for every other file in them. */
final class SampleFolders {
  private static final Logger LOG = LoggerFactory.getLogger(SampleFolders.class);

  private final HadoopFiles files;
  private final DataSettings settings;
  private final boolean warns;

  /**
   * @param warns whether to write to the log what may be meant otherwise
   */
  SampleFolders(Configuration hadoop, DataSettings settings, boolean warns) {
    this.warns = warns;
    this.files = new HadoopFiles(hadoop);
    this.settings = settings;
  }

  /**
   * Samples by the folders that they lie in.
   *
   * @param split of those that lie in no split folder
   * @param classes of the training samples, where these are others; empty: not known
   * @throws LsgException exit 3 if the folders can be read in two ways
   */
  Listed list(String source, boolean zip, String split, Collection<String> classes) {
    Listed candidates = candidates(source, zip, split);
    FolderLists lists = new FolderLists(files, settings, source, candidates.leftOut());
    if (zip || !lists.areThere() || settings.layout() != DataSettings.Layout.AUTO) {
      return byFolders(source, candidates, classes);
    }
    Listed byFolders;
    try {
      byFolders = byFolders(source, candidates, classes);
    } catch (LsgException layout) {
      try {
        return lists.read(candidates, split);
      } catch (LsgException list) {
        throw LsgException.input(layout.getMessage() + "; and " + list.getMessage(), list);
      }
    }
    if (byFolders.entries().stream().map(SourceEntry::label).distinct().limit(2).count() < 2) {
      try {
        return lists.read(candidates, split);
      } catch (LsgException e) {
        return byFolders;
      }
    }
    lists.requireAgreement(byFolders, candidates, split);
    return byFolders;
  }

  private Listed byFolders(String source, Listed candidates, Collection<String> classes) {
    List<LeftOut> leftOut = new ArrayList<>(candidates.leftOut());
    List<Position> positions =
        new FolderLayout(source, settings, classes)
            .read(candidates.entries().stream().map(SourceEntry::id).toList());
    List<SourceEntry> entries = new ArrayList<>();
    Map<String, Integer> depths = new HashMap<>();
    FoldersInClasses inClasses = new FoldersInClasses();
    for (int i = 0; i < positions.size(); i++) {
      Position position = positions.get(i);
      SourceEntry entry = candidates.entries().get(i);
      if (position.leftOut().isPresent()) {
        leftOut.add(position.leftOut().get());
        continue;
      }
      depths.put(entry.id(), position.depth());
      inClasses.add(entry.id(), position);
      String own = position.split().isEmpty() ? entry.split() : position.split();
      entries.add(entry.withSplit(own).withLabel(position.label()));
    }
    if (warns && settings.modality() != Modality.VIDEO) {
      inClasses
          .warning()
          .ifPresent(
              warning -> LOG.warn("prepare: {}: {}", source, RelativePath.printable(warning)));
    }
    return new Listed(grouped(entries, depths), leftOut);
  }

  /** Every candidate, wherever it lies, without a label. */
  Listed flat(String source, boolean zip, String split) {
    Listed candidates = candidates(source, zip, split);
    return new Listed(grouped(candidates.entries(), Map.of()), candidates.leftOut());
  }

  private List<SourceEntry> grouped(List<SourceEntry> entries, Map<String, Integer> depths) {
    return settings.modality() == Modality.VIDEO
        ? FrameFolders.grouped(entries, entry -> depths.getOrDefault(entry.id(), 0))
        : entries;
  }

  private Listed candidates(String source, boolean zip, String split) {
    List<SourceEntry> entries = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    if (zip) {
      members(source, split, entries, leftOut);
    } else {
      FolderWalk walk = FolderWalk.of(files, source);
      for (FolderWalk.Found file : walk.files()) {
        take(SourceEntry.file(file.relative(), "", split, file.location()), entries, leftOut);
      }
      for (FolderWalk.Skipped skipped : walk.skipped()) {
        boolean sample =
            skipped.obstacle() == FolderWalk.Obstacle.UNREADABLE_NAME
                || FileEndings.isOf(settings.modality(), skipped.relative());
        leftOut.add(
            Litter.of(settings.modality(), skipped.relative())
                .filter(litter -> litter.reason() != LeftOut.Reason.OTHER_TYPE)
                .orElse(
                    LeftOut.of(skipped.relative(), skipped.obstacle(), skipped.detail(), sample)));
      }
    }
    return new Listed(entries, leftOut);
  }

  private void take(SourceEntry entry, List<SourceEntry> entries, List<LeftOut> leftOut) {
    Optional<LeftOut> litter = Litter.of(settings.modality(), entry.id());
    if (litter.isPresent()) {
      leftOut.add(litter.get());
    } else {
      entries.add(entry);
    }
  }

  private void members(
      String source, String split, List<SourceEntry> entries, List<LeftOut> leftOut) {
    Set<String> seen = new HashSet<>();
    try (ZipFile archive = LocalArchives.open(source, files.configuration())) {
      for (ZipEntry member : Collections.list(archive.entries())) {
        if (member.isDirectory() || member.getName().endsWith("\\")) {
          continue;
        }
        String id = RelativePath.inside(member.getName(), source);
        if (seen.add(id)) {
          take(SourceEntry.member(id, "", split, source, member.getName()), entries, leftOut);
        } else {
          leftOut.add(
              new LeftOut(
                  id,
                  LeftOut.Reason.REPEATED_NAME,
                  "the archive holds two members of this name",
                  FileEndings.isOf(settings.modality(), id)));
        }
      }
    } catch (ZipException e) {
      throw LsgException.input(source + ": not a zip file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }
}
