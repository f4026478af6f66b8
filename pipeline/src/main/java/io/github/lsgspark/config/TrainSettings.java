package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Fine-tuning of the backbone (LSG-SPEC section 5).
 *
 * @param weights safetensors to start from; empty: drawn by the seed. "pretrain" stands for the
 *     result of the configuration's pretrain block
 * @param featureScale the pooled features are multiplied by it
 * @param globalBatch labelled images per step over all replicas, before the two views
 * @param iterations steps; 0: {@code epochs} counts
 * @param epochs passes over the labelled set; 0: {@code iterations} counts
 * @param replicas data-parallel replicas; 0: one in local mode, one per executor on a cluster
 * @param gradientClip largest global gradient norm; 0: none
 * @param freeze layers by public name that keep their weights
 * @param device "auto" (GPU where the replica has one), "cpu" or "cuda"
 */
public record TrainSettings(
    Backbone backbone,
    String weights,
    @Range(min = 16, max = 1024) int imageSize,
    @Range(min = 0, max = 1000) double featureScale,
    Normalization normalization,
    @Range(min = 1, max = 1000000) int globalBatch,
    @Range(min = 1, max = 2) int views,
    @Range(min = 0) int iterations,
    @Range(min = 0) int epochs,
    @Range(min = 0, max = 100000) int replicas,
    Precision precision,
    Device device,
    @Range(min = 0, max = 100) double learningRate,
    @Range(min = 0, max = 1000) double headMultiplier,
    @Range(min = 0, max = 1000) double projectorMultiplier,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay,
    @Range(min = 0, max = 1) double labelSmoothing,
    @Range(min = 0) double gradientClip,
    ScheduleSettings schedule,
    AugmentationSettings augmentation,
    List<String> freeze,
    @Range(min = 0) int validateEvery,
    @Range(min = 1) int logEvery,
    @Range(min = 1, max = 86400) int timeoutSeconds)
    implements Serializable {

  /** The networks. */
  public enum Backbone {
    SQUEEZENET1_1,
    RESNET18,
    RESNET34,
    RESNET50,
    RESNET20_CIFAR,
    SMALL_CNN
  }

  /** How pixels are scaled; {@code auto} follows the weights file. */
  public enum Normalization {
    AUTO,
    IMAGENET,
    CAFFE_BGR
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
   */
  public record AugmentationSettings(
      @Range(min = 0.01, max = 1) double cropScaleMin,
      @Range(min = 1, max = 4) double resizeFactor,
      boolean flip)
      implements Serializable {}
}
