package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What is about to be run, and what the checks have found out about it. */
public final class Plan {
  private final List<Planned> planned;
  private final String workDir;
  private final Configuration hadoop;
  private final boolean local;
  private final boolean fetches;
  private final Map<String, List<String>> scratch;
  private final Map<String, LabelSet> labels = new HashMap<>();

  /**
   * @param planned all variants, and the pretrain block if one starts from it
   * @param local whether all of Spark is this process
   * @param fetches whether models that are not here are fetched; otherwise they are passed over
   * @param scratch folders of this machine's disk, by the key that names them; of several, one must
   *     do
   */
  public Plan(
      List<Planned> planned,
      String workDir,
      Configuration hadoop,
      boolean local,
      boolean fetches,
      Map<String, List<String>> scratch) {
    this.planned = List.copyOf(planned);
    this.workDir = workDir;
    this.hadoop = hadoop;
    this.local = local;
    this.fetches = fetches;
    this.scratch = Map.copyOf(scratch);
  }

  List<Planned> planned() {
    return planned;
  }

  String workDir() {
    return workDir;
  }

  Configuration hadoop() {
    return hadoop;
  }

  HadoopFiles files() {
    return new HadoopFiles(hadoop);
  }

  boolean isLocal() {
    return local;
  }

  boolean fetches() {
    return fetches;
  }

  Map<String, List<String>> scratch() {
    return scratch;
  }

  void know(LabelSet set, String file) {
    labels.put(file, set);
  }

  /** The labels of a file of labels; empty if it names none, or is broken. */
  Optional<LabelSet> labels(Settings settings) {
    return Optional.ofNullable(labels.get(settings.labels().file()));
  }
}
