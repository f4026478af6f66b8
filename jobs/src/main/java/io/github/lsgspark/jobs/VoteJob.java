package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.VoteMembers;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.training.HeadStage;
import io.github.lsgspark.training.TrainStage;
import io.github.lsgspark.training.VoteStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.SparkSession;

/** Soft labels of unlabelled samples by several heads, each made by a configuration of its own. */
final class VoteJob implements Stage {
  private static final StageReads<?> READS = declared();
  private static final String FEATURES = "features";
  private static final String HEAD = "head";

  /** Whether a training takes what it finds. */
  static boolean isWanted(Settings settings) {
    return settings.train().enabled() && TrainStage.takesVotes(settings);
  }

  @Override
  public String name() {
    return "vote";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return "Soft labels of the unlabelled samples by a vote of several frozen heads (vote.members).";
  }

  @Override
  public String work() {
    return "let heads vote on the unlabelled samples";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of(FEATURES).by(of(FEATURES, "each member"), UnaryOperator.identity()),
        StageInput.of(HEAD).by(of(HEAD, "each member"), UnaryOperator.identity()));
  }

  @Override
  public List<StageInput> inputs(Loaded loaded) {
    List<StageInput> inputs = new ArrayList<>(List.of(StageInput.of("prepare")));
    VoteMembers.of(loaded)
        .forEach(
            (name, member) -> {
              inputs.add(StageInput.of(FEATURES).by(of(FEATURES, name), base -> member));
              inputs.add(StageInput.of(HEAD).by(of(HEAD, name), base -> member));
            });
    return inputs;
  }

  private static String of(String stage, String member) {
    return stage + " of " + member;
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "soft-labels/", "what each unlabelled sample is taken for",
        "metrics.json", "how often heads and vote are right, and how often heads agree");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return isWanted(loaded.settings());
  }

  @Override
  public void check(Loaded loaded) {
    Map<String, Loaded> members = VoteMembers.of(loaded);
    VoteStage.requireSeveral(List.copyOf(members.keySet()));
    members.forEach((name, member) -> VoteMembers.told(name, () -> checked(member)));
  }

  private static Settings checked(Loaded member) {
    FeaturesStage.check(member.settings());
    HeadStage.check(member.settings());
    return member.settings();
  }

  /**
   * Refuses trials: they hide labels from what they try, but soft labels come of heads that have
   * seen all.
   *
   * @throws LsgException exit 2
   */
  static void requireNoTrials(Settings settings) {
    if (isWanted(settings)) {
      throw LsgException.usage(
          "ssl.strategy = "
              + settings.ssl().strategy()
              + " takes soft labels of heads that have seen every label, so short trainings cannot"
              + " be judged by labels set aside: set train.start = random or head, and train.keep ="
              + " trained, head or mean");
    }
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    List<VoteStage.Member> members =
        VoteMembers.of(inputs.loaded()).keySet().stream()
            .map(
                name ->
                    new VoteStage.Member(
                        name, inputs.path(of(FEATURES, name)), inputs.path(of(HEAD, name))))
            .toList();
    VoteStage.run(session, inputs.settings(), inputs.path("prepare"), members, target.folder());
  }

  private static StageReads<?> declared() {
    Predicate<Settings> balances = all -> all.vote().balance();
    return StageReads.settings()
        .reads("vote.ballots", "vote.balance")
        .readsIf(balances, "vote.sweeps", "head.marginal", "head.marginal-shares")
        .contentsIf(balances, "head.marginal-file")
        .build();
  }
}
