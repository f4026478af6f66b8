package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;
import java.util.List;

/**
 * How a Swin transformer is built, and how its file names the tensors.
 *
 * @param depths blocks of each stage
 * @param heads of the attentions of each stage
 * @param width channels of the first stage; each further one has twice as many
 * @param colours channels of the images
 * @param patch side of the patches
 * @param window side of the windows, in places
 * @param eachWay whether windows stay unshifted in that direction only in which the map is one
 *     window; otherwise in both
 * @param ratio width of the feed-forward part as a multiple of the channels
 * @param function in it
 * @param names of the tensors
 */
record SwinRecipe(
    List<Integer> depths,
    List<Integer> heads,
    int width,
    int colours,
    int patch,
    int window,
    boolean eachWay,
    double ratio,
    Activation function,
    Names names,
    double epsilon) {

  /** Checks the heads of every stage. */
  SwinRecipe {
    for (int stage = 0; stage < heads.size(); stage++) {
      TransformerRecipe.requireHeads(width << stage, heads.get(stage));
    }
  }

  /**
   * Names of tensors; those of stages and blocks with %d for the number and a dot behind.
   *
   * @param embedding prefix of the patches' convolution, and of its {@code norm}
   * @param patches the convolution
   * @param stage prefix of a stage
   * @param shrinksAtEnd whether the file counts what halves a map to the stage before it
   * @param table of the biases of relative positions
   * @param last normalisation of the last map
   */
  record Names(
      String embedding,
      String patches,
      String stage,
      boolean shrinksAtEnd,
      String normOne,
      String table,
      SelfAttention attention,
      String normTwo,
      String up,
      String down,
      String last) {}

  int channels(int stage) {
    return width << stage;
  }

  int stages() {
    return depths.size();
  }
}
