package io.github.lsgspark.training;

import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.backbone.FeatureTensors;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.VoteMembers;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.head.SoftLabelTable;
import io.github.lsgspark.head.Vote;
import io.github.lsgspark.head.VoteCounts;
import io.github.lsgspark.head.VotingHead;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Lets several heads on frozen features vote on the unlabelled samples (V-PET: Zhang et al., arXiv
 * 2503.09707). Writes soft-labels/ ({@link SoftLabelTable}), which a training keeps with {@code
 * ssl.strategy = vote}, and metrics.json: how often each head and the vote are right, as far as
 * classes are known, and how often heads agree. No figure of it decides anything.
 */
public final class VoteStage {
  private static final Logger LOG = LoggerFactory.getLogger(VoteStage.class);

  /** Splits that are judged, in the order of the log. */
  private static final List<String> SPLITS =
      List.of(SampleTable.VALIDATION, SampleTable.TEST, SampleTable.UNLABELLED);

  private VoteStage() {}

  /**
   * A head that votes.
   *
   * @param name as {@code vote.members} calls it
   * @param features output of the stage features
   * @param head output of the stage head, fitted to these features
   */
  public record Member(String name, String features, String head) {}

  /**
   * Runs the stage.
   *
   * @param prepareDir of the samples
   * @return the content of metrics.json
   * @throws LsgException exit 2 for fewer than two members; exit 3 for a member that was fitted to
   *     other classes or other features, and where there is no unlabelled sample
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      List<Member> members,
      String outDir) {
    requireSeveral(members.stream().map(Member::name).toList());
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepareDir);
    List<VotingHead> heads = new ArrayList<>();
    for (Member member : members) {
      heads.add(VoteMembers.told(member.name(), () -> head(files, member, labels)));
    }
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "vote");
        Vote vote = Vote.of(spark, heads, settings.vote())) {
      job.now("vote of %d heads", heads.size());
      List<String> names = labels.labels().stream().map(Label::name).toList();
      Vote.Labels soft =
          vote.labels(settings.head(), names, labelled(spark, prepareDir, labels.size()));
      SoftLabelTable.write(spark, soft.rows(), outDir);
      Map<String, Object> metrics = metrics(settings, vote, soft, heads);
      Json.write(files, HadoopFiles.path(outDir, ModelFiles.METRICS), metrics);
      return metrics;
    }
  }

  /**
   * Refuses a vote of fewer than two.
   *
   * @param names of those that vote
   * @throws LsgException exit 2
   */
  public static void requireSeveral(List<String> names) {
    if (names.size() < 2) {
      throw LsgException.usage(
          VoteMembers.BLOCK
              + " must name at least two heads, since one has nobody to vote with, but names: "
              + names);
    }
  }

  private static long[] labelled(SparkSession spark, String prepareDir, int classes) {
    long[] counts = new long[classes];
    SampleTable.samples(spark, prepareDir, SampleTable.TRAIN)
        .mapToPair(sample -> new Tuple2<>(sample.label(), 1L))
        .reduceByKey(Long::sum)
        .collectAsMap()
        .forEach((label, count) -> counts[label] = count);
    return counts;
  }

  /** A head as its stage wrote it. */
  private static VotingHead head(HadoopFiles files, Member member, LabelSet labels) {
    if (!SampleTable.labels(files, member.head()).equals(labels)) {
      throw LsgException.input(
          member.head() + ": was fitted to other classes than those of the samples to vote on");
    }
    ModelFiles model = new ModelFiles(files, member.head());
    FeatureSpec spec = model.description().features();
    FeatureFacts facts = FeatureTable.facts(files, member.features());
    List<FeatureSlice> slices = new ArrayList<>();
    for (String layer : spec.layers()) {
      slices.add(
          facts.slices().stream()
              .filter(slice -> slice.layer().equals(layer))
              .findFirst()
              .orElseThrow(
                  () ->
                      LsgException.input(
                          "%s: was fitted to layer %s, which %s has not"
                              .formatted(member.head(), layer, member.features()))));
    }
    Map<String, HostArray> tensors = model.read(ModelFiles.LAST);
    double[] mean = doubles(tensors, FeatureTensors.SHIFT);
    for (int i = 0; i < mean.length; i++) {
      mean[i] = -mean[i];
    }
    FeatureTransform transform =
        new FeatureTransform(
            spec.transform().equals(FeatureSpec.ROOT_UNIT),
            slices,
            facts.dimension(),
            mean,
            spec.whitened()
                ? doubles(tensors, FeatureTensors.WHITENING + ".weight")
                : new double[0],
            spec.whitened() ? doubles(tensors, FeatureTensors.WHITENING + ".bias") : new double[0]);
    LinearHead logits =
        new LinearHead(
            doubles(tensors, Network.CLASSIFIER + ".weight"),
            doubles(tensors, Network.CLASSIFIER + ".bias"));
    return new VotingHead(member.name(), member.features(), transform, logits);
  }

  private static double[] doubles(Map<String, HostArray> tensors, String name) {
    return HeadStage.doubles(tensors.get(name));
  }

  private static Map<String, Object> metrics(
      Settings settings, Vote vote, Vote.Labels soft, List<VotingHead> heads) {
    Map<String, VoteCounts> counts = new LinkedHashMap<>();
    SPLITS.forEach(split -> counts.put(split, vote.counts(split)));
    VoteCounts open = counts.get(SampleTable.UNLABELLED);
    Map<String, Object> accuracy = new LinkedHashMap<>();
    counts.forEach(
        (split, own) -> {
          if (own.known() > 0) {
            accuracy.put(split, accuracies(own, heads));
          }
        });
    VoteCounts labels = vote.counts(soft);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("members", heads.stream().map(VotingHead::name).toList());
    metrics.put("ballots", settings.vote().ballots().name().toLowerCase(Locale.ROOT));
    metrics.put("balanced", settings.vote().balance());
    metrics.put("unlabelled", open.samples());
    metrics.put("without_majority", open.withoutMajority());
    metrics.put("mean_agreement", open.agreement());
    metrics.put("agreement", vote.agreements(open));
    metrics.put("accuracy", accuracy);
    if (labels.known() > 0) {
      metrics.put("soft_label_accuracy", labels.accuracy());
    }
    LOG.info(
        "vote: {} heads on {} unlabelled samples agree on {} %; {} samples have no majority",
        heads.size(), open.samples(), percent(open.agreement()), open.withoutMajority());
    counts.forEach((split, own) -> log(split, own, heads));
    if (settings.vote().balance() && labels.known() > 0) {
      LOG.info("vote: balanced, {} % of the soft labels are right", percent(labels.accuracy()));
    }
    return metrics;
  }

  private static Map<String, Double> accuracies(VoteCounts counts, List<VotingHead> heads) {
    Map<String, Double> accuracies = new LinkedHashMap<>();
    for (int i = 0; i < heads.size(); i++) {
      accuracies.put(heads.get(i).name(), counts.accuracy(i));
    }
    accuracies.put("vote", counts.accuracy());
    return accuracies;
  }

  private static void log(String split, VoteCounts counts, List<VotingHead> heads) {
    if (counts.known() > 0) {
      List<String> parts = new ArrayList<>();
      accuracies(counts, heads).forEach((name, share) -> parts.add(name + " " + percent(share)));
      LOG.info(
          "vote: right in % of the {} {} samples whose class is known: {}",
          counts.known(), split, String.join(", ", parts));
    }
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }
}
