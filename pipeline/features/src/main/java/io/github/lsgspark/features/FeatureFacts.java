package io.github.lsgspark.features;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.InputSpec;
import java.util.List;

/**
 * What is known of a table of features: the content of features.json.
 *
 * @param key of all that decides about a sample's features besides its content
 * @param backbone name of the network
 * @param variant of its weights
 * @param weights SHA-256 of the network's tensors
 * @param dimension numbers of a row
 * @param slices where each layer's features stand
 * @param views rows of a sample
 * @param mean of each number over the samples that training may see, all their views
 * @param rootMean the same of the square roots of their amounts, with their signs
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record FeatureFacts(
    @JsonProperty("key") String key,
    @JsonProperty("backbone") String backbone,
    @JsonProperty("variant") String variant,
    @JsonProperty("weights") String weights,
    @JsonProperty("dimension") int dimension,
    @JsonProperty("slices") List<FeatureSlice> slices,
    @JsonProperty("pooling") Pooling pooling,
    @JsonProperty("views") int views,
    @JsonProperty("precision") String precision,
    @JsonProperty("store") Store store,
    @JsonProperty("classes") int classes,
    @JsonProperty("input") InputSpec input,
    @JsonProperty("mean") double[] mean,
    @JsonProperty("root_mean") double[] rootMean) {
  private static final String GIVEN = "given";

  FeatureFacts with(FeatureMeans means) {
    return new FeatureFacts(
        key,
        backbone,
        variant,
        weights,
        dimension,
        slices,
        pooling,
        views,
        precision,
        store,
        classes,
        input,
        means.mean(),
        means.rootMean());
  }

  /** Of vectors that no network of the program's has made. */
  static FeatureFacts given(int dimension, int classes) {
    return new FeatureFacts(
        GIVEN,
        "",
        "",
        "",
        dimension,
        List.of(new FeatureSlice(GIVEN, GIVEN, 0, dimension)),
        Pooling.AUTO,
        1,
        "",
        Store.FLOAT32,
        classes,
        null,
        new double[dimension],
        new double[dimension]);
  }

  FeatureFacts checked(String source) {
    boolean whole =
        key != null
            && backbone != null
            && weights != null
            && slices != null
            && !slices.isEmpty()
            && pooling != null
            && store != null
            && (input != null || key.equals(GIVEN))
            && hasLength(mean)
            && hasLength(rootMean);
    if (!whole || slices.stream().mapToInt(FeatureSlice::length).sum() != dimension) {
      throw LsgException.input(source + ": is not what the stage features writes");
    }
    return this;
  }

  private boolean hasLength(double[] means) {
    return means != null && means.length == dimension;
  }

  /**
   * Holds the table against the network and the classes that it is to be used with.
   *
   * @param dir of the table, for the error
   * @throws LsgException exit 3 that names what differs
   */
  public void require(String dir, FrozenNetwork network, int labels) {
    same(dir, "weights", weights, network.digest());
    same(dir, "network", backbone, network.backbone());
    same(dir, "layers", slices, network.slices());
    same(dir, "input", input.seen(), network.input().seen());
    same(dir, "number of classes", classes, labels);
  }

  private static void same(String dir, String what, Object table, Object wanted) {
    if (!table.equals(wanted)) {
      throw LsgException.input(
          "%s: its features are of another %s: %s, but wanted is %s"
              .formatted(dir, what, table, wanted));
    }
  }
}
