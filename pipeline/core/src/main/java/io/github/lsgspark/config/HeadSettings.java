package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Heads on frozen features: closed forms, and one that is trained (docs/features.md).
 *
 * @param enabled whether a run makes one, also where nothing else asks for it
 * @param kind name of a registered head
 * @param root what is done to each feature before anything else
 * @param whitening whether the principal axes of the pool are brought nearer to one length
 * @param layers {@code auto} alone: chosen by leave-one-out; otherwise the layers taken
 * @param layerSets further sets that leave-one-out tries, each its layers joined by {@code +}
 * @param lambda {@code auto}: chosen by leave-one-out; otherwise the factor of the squared weights
 * @param lambdas tried where {@code lambda} is {@code auto}
 * @param temperature {@code auto}: of the smallest leave-one-out cross entropy; otherwise the
 *     divisor of scores before the softmax
 * @param chooseBy what leave-one-out compares
 * @param classWeights whether classes of unequal size count alike
 * @param shrinkage {@code auto}: chosen by leave-one-out; otherwise, for {@code gda}, the share of
 *     the sphere in the shared covariance
 * @param textPrior for {@code ridge}: how much classes of similar texts share, from 0, nothing;
 *     {@code auto}: chosen by leave-one-out
 * @param textKernel how they share
 * @param byName whether the model tells classes by their texts, too
 * @param byNameLambda factor of the squared weights of the map from features to texts; {@code
 *     auto}: chosen by leaving classes out
 * @param labelTexts whose texts a class has
 * @param neighbours whose votes on test samples are measured, beside the head; 0: none
 * @param unlabelled how unlabelled samples are used
 * @param marginal where the shares of classes among the unlabelled come from
 * @param marginalShares for {@code given}: {@code class = share}, one of each class; sums to 1
 * @param marginalFile for {@code given}: a text file of such lines instead
 */
public record HeadSettings(
    @RuntimeOnly("which stages a run makes; each of them is the same") boolean enabled,
    String kind,
    Root root,
    Whitening whitening,
    List<String> layers,
    List<String> layerSets,
    String lambda,
    @Range(min = 1e-9, max = 1e9) List<Double> lambdas,
    String temperature,
    Criterion chooseBy,
    ClassWeights classWeights,
    String shrinkage,
    String textPrior,
    TextKernel textKernel,
    ByName byName,
    String byNameLambda,
    LabelTexts labelTexts,
    @Range(min = 0, max = 100000) int neighbours,
    Unlabelled unlabelled,
    Marginal marginal,
    List<String> marginalShares,
    @InputPath String marginalFile,
    LogisticSettings logistic,
    BalancedSettings balanced,
    SpreadSettings spread,
    LsgHeadSettings lsg)
    implements Serializable {

  /** The kind that is trained. */
  public static final String LSG = "lsg";

  private static final String RIDGE = "ridge";

  /** Left to leave-one-out. */
  public static final String AUTO = AutoNumber.AUTO;

  private static final double SMALLEST = 1e-9;
  private static final double LARGEST = 1e9;
  private static final double LARGEST_PRIOR = 1e6;

  /** Refuses what leaves nothing to try, or is no number. */
  public HeadSettings {
    AutoNumber.of("lambda", lambda, SMALLEST, LARGEST);
    AutoNumber.of("temperature", temperature, SMALLEST, LARGEST);
    AutoNumber.of("shrinkage", shrinkage, 1e-6, 1);
    AutoNumber.of("text-prior", textPrior, 0, LARGEST_PRIOR);
    AutoNumber.of("by-name-lambda", byNameLambda, SMALLEST, LARGEST);
    if (lambdas.isEmpty()) {
      throw new IllegalArgumentException("lambdas needs at least one number, but was: []");
    }
    if (layers.isEmpty() || layers.contains(AUTO) && layers.size() > 1) {
      throw new IllegalArgumentException(
          "layers must be [auto] or the names of layers, but was: " + layers);
    }
    Set<String> once = new HashSet<>();
    for (String layer : layers) {
      if (!once.add(layer)) {
        throw new IllegalArgumentException("layers names " + layer + " twice: " + layers);
      }
    }
    if (marginal == Marginal.GIVEN && marginalShares.isEmpty() == marginalFile.isEmpty()) {
      throw new IllegalArgumentException(
          "marginal = given needs one of marginal-shares and marginal-file");
    }
    if (kind.equals(LSG)
        && unlabelled != Unlabelled.NONE
        && lsg.start() != LsgHeadSettings.Start.RIDGE) {
      throw new IllegalArgumentException(
          "unlabelled samples reach kind = lsg by the ridge that it starts from: set lsg.start ="
              + " ridge, or unlabelled = none");
    }
  }

  /** Whether the head is trained, step by step. */
  public boolean isTrained() {
    return kind.equals(LSG);
  }

  /** The closed form: the head itself, or that by which a trained one has its layers and start. */
  public String closedForm() {
    return isTrained() ? RIDGE : kind;
  }

  /** The factor of the squared weights; empty: chosen by leave-one-out. */
  public OptionalDouble fixedLambda() {
    return AutoNumber.of("lambda", lambda, SMALLEST, LARGEST);
  }

  /** The divisor of scores; empty: chosen by leave-one-out. */
  public OptionalDouble fixedTemperature() {
    return AutoNumber.of("temperature", temperature, SMALLEST, LARGEST);
  }

  /** The share of the sphere in a covariance; empty: chosen by leave-one-out. */
  public OptionalDouble fixedShrinkage() {
    return AutoNumber.of("shrinkage", shrinkage, 1e-6, 1);
  }

  /** How much classes of similar texts share; empty: chosen by leave-one-out. */
  public OptionalDouble fixedTextPrior() {
    return AutoNumber.of("text-prior", textPrior, 0, LARGEST_PRIOR);
  }

  /** Whether classes of similar texts may share anything. */
  public boolean hasTextPrior() {
    return fixedTextPrior().orElse(1) > 0;
  }

  /** The factor for the map from features to texts; empty: chosen by leaving classes out. */
  public OptionalDouble fixedByNameLambda() {
    return AutoNumber.of("by-name-lambda", byNameLambda, SMALLEST, LARGEST);
  }

  /** Whether leave-one-out chooses the layers. */
  public boolean choosesLayers() {
    return layers.equals(List.of(AUTO));
  }

  /** Whether the principal axes are brought nearer to one length. */
  public boolean whitens() {
    return whitening == Whitening.HALF
        || whitening == Whitening.AUTO && unlabelled != Unlabelled.NONE;
  }

  /** What is done to each feature. */
  public enum Root {
    /** The square root of its amount, with its sign. */
    SIGNED_ROOT,
    NONE
  }

  /** What is done to the principal axes of the pool. */
  public enum Whitening {
    /** HALF where unlabelled samples are used, else NONE. */
    AUTO,
    NONE,
    /** Each is divided by the fourth root of its variance, a tenth of their mean added. */
    HALF
  }

  /** What leave-one-out compares; equal candidates are told apart by the other. */
  public enum Criterion {
    ACCURACY,
    CROSS_ENTROPY
  }

  /** How classes of similar texts share what is learnt. */
  public enum TextKernel {
    /** The kernel grows with the cosine of their texts. */
    SIMILARITY,
    /** Neighbours in the graph of the texts are held together. */
    LAPLACIAN
  }

  /** How much the samples of a class count. */
  public enum ClassWeights {
    /** All classes alike. */
    BALANCED,
    /** All samples alike. */
    NONE
  }

  /** Whether the model tells classes by their texts, too. */
  public enum ByName {
    /** Where {@code data.unseen-classes} sets classes aside. */
    AUTO,
    ALWAYS,
    NEVER
  }

  /** Whose texts a class has. */
  public enum LabelTexts {
    OWN,
    /** Those of another class: a control that knows no meaning. */
    SHUFFLED
  }

  /** How unlabelled samples are used. */
  public enum Unlabelled {
    NONE,
    /** Self-training with given shares of classes. */
    BALANCED,
    /** Labels spread over the graph of nearest neighbours. */
    SPREAD
  }

  /** Where the shares of classes among the unlabelled come from. */
  public enum Marginal {
    UNIFORM,
    /** Those of the labelled samples. */
    LABELLED,
    GIVEN
  }

  /**
   * Self-training with given shares of classes.
   *
   * @param firstLambda factor of the squared weights of the ridge of the labelled samples that it
   *     starts with; {@code lambda} of those of all
   * @param firstTemperature divisor of scores in the first round, {@code temperature} after it
   * @param sweeps of Sinkhorn's scalings in a round
   * @param labelledWeight of a labelled sample; others have their largest probability
   */
  public record BalancedSettings(
      @Range(min = 1, max = 1000) int rounds,
      @Range(min = 1e-9, max = 1e9) double firstLambda,
      @Range(min = 1e-4, max = 1000) double firstTemperature,
      @Range(min = 1e-4, max = 1000) double temperature,
      @Range(min = 1, max = 10000) int sweeps,
      @Range(min = 0, max = 1e6) double labelledWeight,
      @Range(min = 1e-9, max = 1e9) double lambda)
      implements Serializable {}

  /**
   * Labels spread over the graph of nearest neighbours.
   *
   * @param k neighbours of a sample
   * @param power of a cosine that makes the weight of an edge
   * @param alpha share of what neighbours say in a sweep
   * @param labelledWeight of a labelled sample; others have 1 less their relative entropy
   */
  public record SpreadSettings(
      @Range(min = 1, max = 10000) int k,
      @Range(min = 0, max = 100) double power,
      @Range(min = 0, max = 0.9999) double alpha,
      @Range(min = 1, max = 10000) int sweeps,
      @Range(min = 0, max = 1e6) double labelledWeight,
      @Range(min = 1e-9, max = 1e9) double lambda)
      implements Serializable {}
}
