package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * Frozen features of samples, by the network that {@code train.backbone} and {@code train.weights}
 * name.
 *
 * @param layers names or aliases of layers, {@code features} for the network's own output; empty:
 *     what the network recommends
 * @param pooling how maps and sequences become vectors
 * @param frames how vectors of a clip's frames become one, where a network sees them one by one
 * @param frameTemperature what cosines of frames and texts are divided by
 * @param views of a sample, each with features of its own
 * @param crops how many, for {@code views = crops}
 * @param imageSize side of views in pixels; 0: {@code train.image-size}
 * @param precision of the network's arithmetic; AUTO: bfloat16 on GPUs, else float32
 * @param store element type in the table
 * @param batch samples per forward pass of one task
 * @param partition samples of one task
 */
public record FeaturesSettings(
    List<String> layers,
    Pooling pooling,
    Frames frames,
    @Range(min = 0.0001, max = 1000) double frameTemperature,
    Views views,
    @Range(min = 1, max = 1000) int crops,
    @Range(min = 0, max = 4096) int imageSize,
    TrainSettings.Precision precision,
    Store store,
    @RuntimeOnly("how many samples go through the network at once; each has features of its own")
        @Range(min = 1, max = 100000)
        int batch,
    @RuntimeOnly("how the work is cut into tasks; each sample has features of its own")
        @Range(min = 1, max = 10000000)
        int partition)
    implements Serializable {

  public FeaturesSettings {
    layers = List.copyOf(layers);
  }

  /** How maps and sequences become vectors. */
  public enum Pooling {
    /** Maps by their mean; sequences by their tokens' mean and that of the places, side by side. */
    AUTO,
    /** The mean over all places. */
    MEAN,
    /** The largest value over all places. */
    MAX
  }

  /** How vectors of frames become one of their clip. */
  public enum Frames {
    /** All count alike. */
    MEAN,
    /** By how well the text of a class fits them; networks that share a space with texts. */
    ATTENTION
  }

  /** What is seen of a sample. */
  public enum Views {
    /** What a model is evaluated on. */
    PLAIN,
    /** That, and its mirror image; images and videos only. */
    MIRRORED,
    /** That, and random parts as in training, by the seed. */
    CROPS
  }

  /** Element type of stored features. */
  public enum Store {
    FLOAT32,
    /** IEEE 754 half precision: half the space, three decimal digits. */
    FLOAT16
  }
}
