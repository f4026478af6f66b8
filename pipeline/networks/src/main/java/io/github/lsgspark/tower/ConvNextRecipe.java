package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;
import java.util.List;

/**
 * How a ConvNeXt is built, and how its file names the tensors.
 *
 * @param depths blocks of each stage
 * @param widths channels of each stage
 * @param patch side of the stem's patches
 * @param function inside of blocks
 * @param names of the tensors
 * @param epsilon of the normalisations of places
 * @param lastEpsilon of the normalisation of the vector
 */
record ConvNextRecipe(
    List<Integer> depths,
    List<Integer> widths,
    int patch,
    Activation function,
    Names names,
    double epsilon,
    double lastEpsilon) {

  /**
   * Names of tensors; those of stages and blocks with %d for the number and a dot behind.
   *
   * @param stemNorm normalisation of the stem, whose convolution is {@code stem}
   * @param stage prefix of a stage
   * @param shrinkNorm normalisation before the convolution {@code shrink} that halves a map
   * @param block prefix of a block in its stage
   * @param last normalisation of the vector
   */
  record Names(
      String stem,
      String stemNorm,
      String stage,
      String shrinkNorm,
      String shrink,
      String block,
      Block inBlock,
      String last) {}

  /**
   * Names in a block.
   *
   * @param scale factor of each channel (LayerScale); empty: none
   * @param response global response normalisation; empty: none
   * @param form of the weights
   */
  record Block(
      String depthwise,
      String norm,
      String up,
      String response,
      String down,
      String scale,
      Form form) {}

  /** Shapes in a block that families differ in, where the network computes the same. */
  enum Form {
    /** Matrices, and vectors for the response. */
    VECTORS,
    /** Matrices, and [1, 1, 1, channels] for the response. */
    FOUR_DIMENSIONS,
    /** Convolutions of single places, and vectors for the response. */
    CONVOLUTIONS
  }
}
