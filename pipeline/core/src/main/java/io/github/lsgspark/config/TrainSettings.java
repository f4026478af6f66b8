package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Fine-tuning of the backbone (docs/method.md, section 5).
 *
 * @param enabled whether anything is trained; otherwise the closed-form head is the model
 * @param start what the classifier starts from
 * @param fromHead learning rates of a training that starts from the head
 * @param keep which model a run comes to
 * @param trials short trainings that judge what to keep
 * @param backbone name of a registered network
 * @param weights safetensors to start from, or the module itself if the backbone is torchscript;
 *     empty: drawn by the seed. "pretrain" stands for the result of the configuration's pretrain
 *     block
 * @param partialWeights whether tensors of {@code weights} may be missing, extra or of another
 *     shape
 * @param featureScale the pooled features are multiplied by it
 * @param globalBatch labelled images per step over all replicas, before the two views
 * @param iterations steps; 0: {@code epochs} counts
 * @param epochs passes over the labelled set; 0: {@code iterations} counts
 * @param engine what sums gradients over replicas and takes the steps
 * @param replicas data-parallel replicas; 0: one in local mode, one per executor on a cluster
 * @param averageDecay of a moving average of the weights; 0: none
 * @param gradientClip largest global gradient norm; 0: none
 * @param transfer terms of other methods of transfer learning
 * @param freeze layers by public name that keep their weights
 * @param tuning what of the other layers is trained
 * @param device "auto" (GPU where the replica has one), "cpu" or "cuda"
 * @param tf32 whether GPUs may round float32 products to TF32
 * @param accumulation parts of a replica's share of a step that are computed one after the other
 * @param maxAttempts starts of a training that loses executors
 */
public record TrainSettings(
    @RuntimeOnly("which stages a run makes; each of them is the same") boolean enabled,
    Start start,
    FromHeadSettings fromHead,
    Keep keep,
    TrialSettings trials,
    String backbone,
    @InputPath(words = "pretrain") String weights,
    boolean partialWeights,
    @Range(min = 16, max = 1024) int imageSize,
    @Range(min = 0, max = 1000) double featureScale,
    Normalization normalization,
    @Range(min = 1, max = 1000000) int globalBatch,
    @Range(min = 1, max = 2) int views,
    @Range(min = 0) int iterations,
    @Range(min = 0) int epochs,
    Engine engine,
    @Range(min = 0, max = 100000) int replicas,
    Precision precision,
    Device device,
    Layout layout,
    boolean tf32,
    BatchNorm batchNorm,
    @Range(min = 1, max = 100000) int accumulation,
    @Range(min = 0, max = 100) double learningRate,
    @Range(min = 0, max = 1000) double headMultiplier,
    @Range(min = 0, max = 1000) double projectorMultiplier,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay,
    @Range(min = 0, max = 1) double labelSmoothing,
    @Range(min = 0, max = 0.999999) double averageDecay,
    @Range(min = 0) double gradientClip,
    TransferSettings transfer,
    ScheduleSettings schedule,
    AugmentationSettings augmentation,
    @RuntimeOnly(
            "how views are made ahead; one depends on the seed, the epoch and its sample alone")
        InputSettings input,
    List<String> freeze,
    TuningSettings tuning,
    @Range(min = 0) int validateEvery,
    @RuntimeOnly("how often the log has a line") @Range(min = 1) int logEvery,
    @RuntimeOnly("when the losses of a step are read") ReadLosses readLosses,
    @RuntimeOnly("how long is waited before a training is given up") @Range(min = 1, max = 86400)
        int timeoutSeconds,
    @RuntimeOnly("how often a training is started; each start goes on from the newest checkpoint")
        @Range(min = 1, max = 100)
        int maxAttempts,
    ExchangeSettings exchange,
    @RuntimeOnly("when the state is saved; a training that goes on from it takes the same steps")
        CheckpointSettings checkpoint)
    implements Serializable {

  /** What a training starts from. */
  public enum Start {
    /** The weights of the backbone, and a classifier that is drawn by the seed. */
    RANDOM,
    /** The model of the stage head: its layers, their transform, and its classifier. */
    HEAD,
    /** Whichever of both does better in short trainings. */
    BEST
  }

  /** Which model a run comes to, where there is a training and a closed form. */
  public enum Keep {
    /** What is trained. */
    TRAINED,
    /** The closed form. */
    HEAD,
    /** Both in one network: the mean of their logits. */
    MEAN,
    /** Whichever of them does best on labelled samples that none of them has seen. */
    BEST
  }

  /** The learning rate of the backbone, by what the training starts from. */
  public double rate() {
    return start == Start.HEAD ? fromHead.learningRate() : learningRate;
  }

  /** The factor of the classifier's learning rate, by what the training starts from. */
  public double headFactor() {
    return start == Start.HEAD ? fromHead.headMultiplier() : headMultiplier;
  }

  public TrainSettings {
    if (engine == Engine.BIGDL && exchange.dtype() != ExchangeSettings.Wire.FLOAT32) {
      throw new IllegalArgumentException(
          "engine = bigdl exchanges float32 only: what is shorter there rounds the weights, too;"
              + " set exchange.dtype = float32");
    }
    if (device == Device.CPU && exchange.backend() == ExchangeSettings.Backend.NCCL) {
      throw new IllegalArgumentException(
          "exchange.backend = nccl carries sums between GPUs, but device = cpu; set"
              + " exchange.backend = auto or gloo");
    }
    if (engine == Engine.BIGDL && transfer.uses(TransferSettings.Method.L2_SP)) {
      throw new IllegalArgumentException(
          "engine = bigdl knows no transfer.methods with l2-sp; use engine = c10d");
    }
  }

  /** What sums the gradients of all replicas and takes the optimiser's steps. */
  public enum Engine {
    /** PyTorch's collectives, and this program's optimiser on every replica. */
    C10D,
    /** The parameter exchange and the optimiser of BigDL DLlib, by a module of its own. */
    BIGDL
  }

  /** When the losses of a step are read and looked at. */
  public enum ReadLosses {
    /** On a GPU of several steps together, on a processor after each. */
    AUTO,
    EACH_STEP,
    TOGETHER
  }

  /** How pixels are scaled; {@code auto} follows the weights file. */
  public enum Normalization {
    AUTO,
    IMAGENET,
    CAFFE_BGR,
    INCEPTION,
    KINETICS
  }

  /** Arithmetic of the forward and backward pass. */
  public enum Precision {
    AUTO,
    FLOAT32,
    BFLOAT16
  }

  /** Where a replica computes. */
  public enum Device {
    AUTO,
    CPU,
    CUDA
  }

  /** Order of images in memory. */
  public enum Layout {
    AUTO,
    CONTIGUOUS,
    CHANNELS_LAST;

    /** What AUTO comes to: every network was faster with channels innermost, on CPUs too. */
    public Layout chosen() {
      return this == AUTO ? CHANNELS_LAST : this;
    }
  }

  /** Which statistics batch normalisation uses in training. */
  public enum BatchNorm {
    /** Those of the replica's own part of the batch; running statistics are averaged. */
    LOCAL,
    /** Those of the global batch. */
    SYNCHRONIZED,
    /** The running statistics that the weights came with, which do not move. */
    FROZEN
  }

  /**
   * The state that a training can go on from.
   *
   * @param everySteps steps between two checkpoints; 0: only when the program is ended
   * @param keep how many of the newest stay
   * @param graceSeconds how long the end of a JVM waits for a last one
   */
  public record CheckpointSettings(
      @Range(min = 0) int everySteps,
      @Range(min = 1, max = 1000) int keep,
      @Range(min = 0, max = 3600) int graceSeconds)
      implements Serializable {}

  /**
   * Learning rate over the steps.
   *
   * @param milestones steps after which the rate is multiplied by {@code gamma}
   */
  public record ScheduleSettings(
      Kind kind,
      @Range(min = 0) int warmupSteps,
      List<Integer> milestones,
      @Range(min = 0, max = 1) double gamma)
      implements Serializable {

    /** The schedules. */
    public enum Kind {
      CONSTANT,
      MULTI_STEP,
      COSINE
    }
  }

  /**
   * The random views of a training image.
   *
   * @param cropScaleMin smallest share of the area that a random crop keeps; 1 with a square ratio:
   *     no crop
   * @param resizeFactor the image is first resized to imageSize times this (256/224 in the
   *     reference), and the evaluation crop is the centre of it
   * @param views of labelled samples
   * @param randAugment what makes a view strong
   */
  public record AugmentationSettings(
      @Range(min = 0.01, max = 1) double cropScaleMin,
      @Range(min = 1, max = 4) double resizeFactor,
      boolean flip,
      Views views,
      RandAugmentSettings randAugment)
      implements Serializable {}

  /** How strongly the views of a sample are changed. */
  public enum Views {
    /** Crop and flip. */
    WEAK,
    /** RandAugment after crop and flip. */
    STRONG,
    /** The first view weak, the second strong. */
    WEAK_STRONG
  }

  /**
   * RandAugment as FixMatch uses it (Cubuk et al. 2019, Sohn et al. 2020).
   *
   * @param operations drawn per view, each applied with {@code probability}
   * @param magnitude largest strength that is drawn, of 10
   * @param cutout side of the grey square, as a share of the view's; 0: none
   */
  public record RandAugmentSettings(
      @Range(min = 0, max = 14) int operations,
      @Range(min = 0, max = 1) double probability,
      @Range(min = 1, max = 10) int magnitude,
      @Range(min = 0, max = 1) double cutout)
      implements Serializable {}

  /**
   * How views are made ahead of the steps that use them.
   *
   * @param threads that decode and augment; 0: as many as the replica has cores
   * @param prefetchBytes views that may wait for their step; the labelled and the unlabelled
   *     batches each have as many, and at least one batch
   * @param decodedBytes decoded images that all replicas of a JVM keep; 0: a quarter of its heap
   * @param cacheBytes encoded images from other machines that an executor keeps on its disk; 0:
   *     none
   */
  public record InputSettings(
      @Range(min = 0, max = 1024) int threads,
      @Range(min = 0) long prefetchBytes,
      @Range(min = 0) long decodedBytes,
      @Range(min = 0) long cacheBytes)
      implements Serializable {}
}
