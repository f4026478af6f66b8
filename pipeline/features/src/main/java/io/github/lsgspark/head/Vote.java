package io.github.lsgspark.head;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.VoteSettings;
import io.github.lsgspark.config.VoteSettings.Ballots;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Soft labels of unlabelled samples by the vote of frozen heads: the mean over the heads of the
 * one-hot vectors of what they predict (V-PET: Zhang et al., arXiv 2503.09707), or of their
 * probabilities. Ballots and tallies stay on executors; a tally holds the classes that have votes.
 */
public final class Vote implements AutoCloseable {
  /** Numbers of a block of ballots or tallies, so that a task holds few of them at a time. */
  private static final int NUMBERS = 1 << 22;

  /** What is labelled by the vote, and what it is judged by. */
  private static final List<String> SPLITS =
      List.of(SampleTable.VALIDATION, SampleTable.TEST, SampleTable.UNLABELLED);

  private final SparkSession spark;
  private final List<VotingHead> heads;
  private final VoteSettings settings;
  private final int classes;
  private final JavaRDD<Tally> tallies;

  private Vote(SparkSession spark, List<VotingHead> heads, VoteSettings settings) {
    this.spark = spark;
    this.heads = List.copyOf(heads);
    this.settings = settings;
    this.classes = heads.get(0).classes();
    this.tallies = tallies().persist(StorageLevel.MEMORY_AND_DISK());
  }

  /**
   * Lets heads vote.
   *
   * @param heads at least two, of the same classes and samples
   * @throws LsgException exit 3 for a head of another number of classes
   */
  public static Vote of(SparkSession spark, List<VotingHead> heads, VoteSettings settings) {
    for (VotingHead head : heads) {
      if (head.classes() != heads.get(0).classes()) {
        throw LsgException.input(
            "vote.members.%s tells %d classes apart, but vote.members.%s %d"
                .formatted(
                    head.name(), head.classes(), heads.get(0).name(), heads.get(0).classes()));
      }
    }
    return new Vote(spark, heads, settings);
  }

  private JavaRDD<Tally> tallies() {
    JavaPairRDD<String, Ballot> all = ballots(0);
    for (int head = 1; head < heads.size(); head++) {
      all = all.union(ballots(head));
    }
    int count = heads.size();
    int columns = classes;
    return all.groupByKey(Math.max(1, all.getNumPartitions() / count))
        .map(one -> Ballot.tally(one._1(), one._2(), count, columns));
  }

  private JavaPairRDD<String, Ballot> ballots(int place) {
    VotingHead head = heads.get(place);
    FeatureFacts facts =
        FeatureTable.facts(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), head.features());
    Dataset<Row> first =
        FeatureTable.stored(spark, head.features(), facts.store())
            .filter(col("view").equalTo(0).and(col("split").isin(SPLITS.toArray())));
    // A whitening has d² numbers, which no task should carry.
    Broadcast<VotingHead> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(head);
    boolean whole = settings.ballots() == Ballots.PROBABILITIES;
    int size = Math.max(1, NUMBERS / Math.max(facts.dimension(), classes));
    return JavaPairRDD.fromJavaRDD(
        FeatureTable.views(first, facts.store())
            .mapPartitions(rows -> new BallotRows(rows, shared, place, whole, size)));
  }

  /**
   * Counts of a split's samples, before classes are balanced.
   *
   * @param split of {@link SampleTable}
   */
  public VoteCounts counts(String split) {
    return counted(tallies.filter(tally -> tally.split().equals(split)));
  }

  /** Counts of labels that {@link #labels} gives. */
  public VoteCounts counts(Labels labels) {
    return counted(labels.tallies);
  }

  private VoteCounts counted(JavaRDD<Tally> some) {
    return some.aggregate(new VoteCounts(heads.size()), VoteCounts::plus, VoteCounts::plus);
  }

  /** What the unlabelled samples are taken for. */
  public final class Labels {
    private final JavaRDD<Tally> tallies;

    private Labels(JavaRDD<Tally> tallies) {
      this.tallies = tallies;
    }

    /** For a {@link SoftLabelTable}. */
    public JavaRDD<SoftLabel> rows() {
      int columns = classes;
      return tallies.map(tally -> tally.softLabel(columns));
    }
  }

  /**
   * What the unlabelled samples are taken for; classes have the shares of {@code head.marginal} if
   * {@code vote.balance} says so.
   *
   * @param names of the classes [C]
   * @param labelled samples of each class [C]
   * @throws LsgException exit 2 or 3 for shares of classes that are wrong; exit 3 where there is no
   *     unlabelled sample
   */
  public Labels labels(HeadSettings head, List<String> names, long[] labelled) {
    JavaRDD<Tally> open = tallies.filter(tally -> tally.split().equals(SampleTable.UNLABELLED));
    if (open.isEmpty()) {
      throw LsgException.input("vote: there is no unlabelled sample to vote on");
    }
    if (!settings.balance()) {
      return new Labels(open);
    }
    double[] shares =
        Marginals.of(
            head,
            ClassCounts.of(names, labelled, head.classWeights()),
            spark.sparkContext().hadoopConfiguration());
    int columns = classes;
    int size = Math.max(1, NUMBERS / classes);
    double[] logs =
        Sinkhorn.columns(
            open.mapPartitions(part -> new LogBlocks(part, columns, size)),
            1,
            shares,
            settings.sweeps());
    return new Labels(open.map(tally -> tally.scaled(logs)));
  }

  /** Logarithms of tallies as blocks [m, C]. */
  private record LogBlocks(Iterator<Tally> tallies, int columns, int size)
      implements Iterator<float[]> {

    @Override
    public boolean hasNext() {
      return tallies.hasNext();
    }

    @Override
    public float[] next() {
      List<Tally> block = new ArrayList<>();
      do {
        block.add(tallies.next());
      } while (block.size() < size && tallies.hasNext());
      float[] logs = new float[block.size() * columns];
      Arrays.fill(logs, Float.NEGATIVE_INFINITY);
      for (int row = 0; row < block.size(); row++) {
        block.get(row).logs(logs, row, columns);
      }
      return logs;
    }
  }

  /** How often two heads say the same of a split's samples, by "one, other". */
  public Map<String, Double> agreements(VoteCounts counts) {
    return IntStream.range(0, heads.size())
        .boxed()
        .flatMap(a -> IntStream.range(a + 1, heads.size()).mapToObj(b -> new int[] {a, b}))
        .collect(
            Collectors.toMap(
                pair -> heads.get(pair[0]).name() + ", " + heads.get(pair[1]).name(),
                pair -> counts.agreement(pair[0], pair[1]),
                (one, other) -> one,
                LinkedHashMap::new));
  }

  @Override
  public void close() {
    tallies.unpersist();
  }
}
