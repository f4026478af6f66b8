package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Samples of a folder by the lists that lie in it, as the HuggingFace Hub has them for pictures and
 * sounds: {@code metadata.csv} or {@code metadata.jsonl} with the files of its folder and those
 * below. A sample is of the split that a column says, or else the folders that it lies in.
 */
final class FolderLists {
  private final HadoopFiles files;
  private final DataSettings settings;
  private final String source;
  private final List<String> lists;

  /**
   * @param beside files of the source that are no candidates for samples
   */
  FolderLists(HadoopFiles files, DataSettings settings, String source, List<LeftOut> beside) {
    this.files = files;
    this.settings = settings;
    this.source = source;
    this.lists =
        beside.stream()
            .filter(left -> left.reason() == LeftOut.Reason.OTHER_TYPE)
            .map(LeftOut::id)
            .filter(id -> id.matches("(?i)(.*/)?metadata\\.(csv|tsv|jsonl)"))
            .toList();
  }

  boolean areThere() {
    return !lists.isEmpty();
  }

  /**
   * The samples that the lists name, and every other candidate.
   *
   * @param split of samples that lie in no split folder
   * @throws LsgException exit 3 for a list without labels, or that cannot be understood
   */
  Listed read(Listed candidates, String split) {
    Map<String, SourceEntry> named = new HashMap<>();
    List<SourceEntry> entries = new ArrayList<>();
    for (String list : lists) {
      String folder = list.substring(0, list.lastIndexOf('/') + 1);
      String path = HadoopFiles.path(source, list);
      for (SourceEntry entry :
          new ListFile(files.configuration(), "", settings.columns(), settings.modality())
              .read(path, "", SplitNames.known())) {
        SourceEntry own = placed(entry.withId(folder + entry.id()), split);
        if (named.put(own.id(), own) != null) {
          throw LsgException.input(
              path + ": " + RelativePath.printable(own.id()) + " is in another list, too");
        }
        entries.add(own);
      }
    }
    List<LeftOut> leftOut = new ArrayList<>(candidates.leftOut());
    for (SourceEntry candidate : candidates.entries()) {
      if (!named.containsKey(candidate.id())) {
        leftOut.add(
            new LeftOut(
                candidate.id(),
                LeftOut.Reason.NOT_IN_LIST,
                "no line of " + String.join(", ", lists) + " names it",
                true));
      }
    }
    return new Listed(entries, leftOut);
  }

  private static SourceEntry placed(SourceEntry entry, String split) {
    String own = entry.split();
    String[] parts = entry.id().split("/");
    for (int i = 0; own.isEmpty() && i < parts.length - 1; i++) {
      own = SplitNames.of(parts[i]).orElse("");
    }
    own = own.isEmpty() ? split : own;
    boolean unlabelled = entry.label().isEmpty() && own.equals(SampleTable.TRAIN);
    return entry.withSplit(unlabelled ? SampleTable.UNLABELLED : own);
  }

  /**
   * The lists' word on samples that lie in class folders, where the lists name labels.
   *
   * @param byFolder samples by their folders
   * @throws LsgException exit 3 if lists and folders divide the samples in different ways
   */
  void requireAgreement(Listed byFolder, Listed candidates, String split) {
    List<SourceEntry> listed;
    try {
      listed = read(candidates, split).entries();
    } catch (LsgException e) {
      return; // Lists of something else than labels, as of captions.
    }
    Map<String, String> labels = new HashMap<>();
    listed.forEach(entry -> labels.put(entry.id(), entry.label()));
    Map<String, String> byLabel = new HashMap<>();
    Map<String, String> byClass = new HashMap<>();
    for (SourceEntry entry : byFolder.entries()) {
      Optional<String> label =
          Optional.ofNullable(labels.get(entry.id())).filter(l -> !l.isEmpty());
      if (label.isEmpty() || entry.label().isEmpty()) {
        continue;
      }
      String folder = byLabel.putIfAbsent(label.get(), entry.label());
      String other = byClass.putIfAbsent(entry.label(), label.get());
      if ((folder != null && !folder.equals(entry.label()))
          || (other != null && !other.equals(label.get()))) {
        throw LsgException.input(
            RelativePath.printable(
                source
                    + ": "
                    + entry.id()
                    + " is of class "
                    + label.get()
                    + " by "
                    + String.join(", ", lists)
                    + ", but not by its folders; name the list itself by data.train, or set"
                    + " data.layout = splits or classes to go by the folders"));
      }
    }
  }
}
