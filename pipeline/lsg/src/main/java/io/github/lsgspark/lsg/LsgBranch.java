package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The frozen GCN over text nodes and the image nodes of one step, in the exact sparse form of
 * docs/method.md, section 4: only the image rows, and the text rows of labels that occur in the
 * step, are computed. Equal to the reference's dense (N+B)² form to rounding, for every w_ti and
 * w_ii.
 *
 * <p>Symbols: A the text graph (gen_A2), r its row sums, X the text embeddings [N,D], W1 [D,D] and
 * W2 [D,C] the frozen weights, P prompts per class, node t = c P + p. Z = X W1 is constant and
 * computed once. Gradients flow to the projected features only. Not safe for several threads.
 */
public final class LsgBranch implements AutoCloseable {
  private static final double SLOPE = GcnConstants.NEGATIVE_SLOPE;
  private static final double EPSILON = GcnConstants.EPSILON;

  private final CsrMatrix incoming;
  private final double[] degrees;
  private final int prompts;
  private final int classes;
  private final double textImage;
  private final double imageImage;
  private final Dtype dtype;
  private final ComputeDevice device;
  private final Tensor staticText;
  private final Tensor weight1;
  private final Tensor weight2;
  private final Tensor unitWeight2;

  /**
   * @param textGraph A; node i's incoming weights are column i
   * @param prompts P
   * @param embeddings X [N,D]
   * @param weight1 W1 [D,D]
   * @param weight2 W2 [D,C]
   * @param textImageWeight w_ti
   * @param imageImageWeight w_ii
   */
  public LsgBranch(
      CsrMatrix textGraph,
      int prompts,
      Tensor embeddings,
      Tensor weight1,
      Tensor weight2,
      double textImageWeight,
      double imageImageWeight,
      Dtype dtype,
      ComputeDevice device) {
    this.incoming = textGraph.transpose();
    this.degrees = textGraph.rowSums();
    this.prompts = prompts;
    this.classes = textGraph.size() / prompts;
    this.textImage = textImageWeight;
    this.imageImage = imageImageWeight;
    this.dtype = dtype;
    this.device = device;
    requirePositiveDegrees();
    try (TensorScope scope = new TensorScope()) {
      this.weight1 = scope.keep(Tensors.to(weight1, dtype, device).clone());
      this.weight2 = scope.keep(Tensors.to(weight2, dtype, device).clone());
      this.unitWeight2 =
          scope.keep(RowOps.normalizeRows(this.weight2.t(), EPSILON).t().contiguous());
      this.staticText = scope.keep(Ops.matmul(Tensors.to(embeddings, dtype, device), this.weight1));
    }
  }

  private void requirePositiveDegrees() {
    for (int t = 0; t < degrees.length; t++) {
      if (!(degrees[t] > 0)) {
        throw LsgException.input(
            "text node "
                + t
                + " (label "
                + t / prompts
                + ", prompt "
                + t % prompts
                + ") has degree "
                + degrees[t]
                + "; every node needs a positive one");
      }
    }
  }

  /**
   * Outputs for the image nodes.
   *
   * @param logits y [B,C], not normalised
   * @param hidden g [B,D], the first layer's output
   * @param mixed what W2 is applied to [B,D]
   */
  public record Output(Tensor logits, Tensor hidden, Tensor mixed) {}

  /** The cosines [B,C] of an output's rows before W2 with W2's columns: y without lengths. */
  public Tensor cosines(Output output) {
    return Ops.matmul(RowOps.normalizeRows(output.mixed(), EPSILON), unitWeight2);
  }

  /**
   * Runs the frozen GCN for one step's image nodes.
   *
   * @param projected f [B,D]
   * @param labels label or pseudo label of each row
   */
  public Output forward(Tensor projected, int[] labels) {
    BatchClasses batch = BatchClasses.of(labels, classes);
    int count = batch.size();
    double[] textScale = textScale(batch);
    double[] imageScale = new double[count];
    for (int s = 0; s < count; s++) {
      double degree = 1 + imageImage * (batch.images(s) - 1) + textImage * prompts;
      imageScale[s] = 1 / Math.sqrt(degree);
    }

    // 1. Q = f W1 and its sum per class.
    Tensor indicator = matrix(batch.indicator(), count, labels.length);
    Tensor slots = index(batch.slots());
    Tensor images = Ops.matmul(projected, weight1);
    Tensor imageSums = Ops.matmul(indicator, images);

    // 2. Text rows of the step's classes: neighbours in the text graph, then images of the class.
    Tensor textRows = textNeighbours(batch, textScale).view(count, prompts, -1);
    Tensor toText =
        matrix(textCoefficients(batch, textScale, imageScale), (long) count * prompts, 1)
            .view(count, prompts, 1);
    Tensor textHidden =
        Ops.leakyRelu(Ops.add(textRows, Ops.mul(toText, imageSums.unsqueeze(1))), SLOPE);

    // 3. Image rows, first layer: all prompts of the label, then images of the label.
    Tensor fromText = classText(batch, textScale, imageScale);
    Tensor hidden =
        Ops.leakyRelu(mixImages(fromText, images, imageSums, imageScale, batch, slots), SLOPE);

    // 4. Image rows, second layer: the same with hidden rows, then W2.
    Tensor hiddenSums = Ops.matmul(indicator, hidden);
    Tensor fromTextHidden = Ops.sum(Ops.mul(toText, textHidden), 1, false);
    Tensor mixed = mixImages(fromTextHidden, hidden, hiddenSums, imageScale, batch, slots);
    return new Output(Ops.matmul(mixed, weight2), hidden, mixed);
  }

  /** d_t = (r_t + w_ti m_c(t))^(-1/2) for all text nodes. */
  private double[] textScale(BatchClasses batch) {
    double[] scale = new double[degrees.length];
    for (int t = 0; t < scale.length; t++) {
      scale[t] = 1 / Math.sqrt(degrees[t] + textImage * batch.imagesOfLabel(t / prompts));
    }
    return scale;
  }

  /** d_t sum_j A[j,t] d_j Z_j for the text rows of the step's classes: [|S| P, D]. */
  private Tensor textNeighbours(BatchClasses batch, double[] scale) {
    int rows = batch.size() * prompts;
    long[] offsets = new long[rows + 1];
    for (int row = 0; row < rows; row++) {
      int t = batch.label(row / prompts) * prompts + row % prompts;
      offsets[row + 1] = offsets[row] + incoming.rowOffsets()[t + 1] - incoming.rowOffsets()[t];
    }
    int entries = Math.toIntExact(offsets[rows]);
    long[] columns = new long[entries];
    double[] weights = new double[entries];
    int place = 0;
    for (int row = 0; row < rows; row++) {
      int t = batch.label(row / prompts) * prompts + row % prompts;
      for (int e = incoming.rowOffsets()[t]; e < incoming.rowOffsets()[t + 1]; e++) {
        int j = incoming.columns()[e];
        columns[place] = j;
        weights[place++] = scale[t] * incoming.values()[e] * scale[j];
      }
    }
    return RowOps.weightedGatherSum(
        staticText, index(columns), index(offsets), matrix(weights, entries));
  }

  /** e_c w_ti sum over t in c of d_t Z_t, for the step's classes: [|S|, D]. */
  private Tensor classText(BatchClasses batch, double[] textScale, double[] imageScale) {
    int count = batch.size();
    long[] columns = new long[count * prompts];
    long[] offsets = new long[count + 1];
    for (int s = 0; s < count; s++) {
      offsets[s + 1] = (long) (s + 1) * prompts;
      for (int p = 0; p < prompts; p++) {
        columns[s * prompts + p] = (long) batch.label(s) * prompts + p;
      }
    }
    double[] weights = textCoefficients(batch, textScale, imageScale);
    return RowOps.weightedGatherSum(
        staticText, index(columns), index(offsets), matrix(weights, weights.length));
  }

  /** w_ti d_t e_c for the text rows of the step's classes: [|S| P]. */
  private double[] textCoefficients(BatchClasses batch, double[] textScale, double[] imageScale) {
    double[] coefficients = new double[batch.size() * prompts];
    for (int row = 0; row < coefficients.length; row++) {
      int s = row / prompts;
      int t = batch.label(s) * prompts + row % prompts;
      coefficients[row] = textImage * textScale[t] * imageScale[s];
    }
    return coefficients;
  }

  /** text_c + e_c² ((1 - w_ii) v_i + w_ii sum_c v) for each image i of class c: [B, D]. */
  private Tensor mixImages(
      Tensor text,
      Tensor values,
      Tensor sums,
      double[] imageScale,
      BatchClasses batch,
      Tensor slots) {
    double[] shared = new double[batch.size()];
    double[] own = new double[batch.slots().length];
    for (int s = 0; s < shared.length; s++) {
      shared[s] = imageImage * imageScale[s] * imageScale[s];
    }
    for (int i = 0; i < own.length; i++) {
      double e = imageScale[(int) batch.slots()[i]];
      own[i] = (1 - imageImage) * e * e;
    }
    Tensor perClass = Ops.add(text, Ops.mul(matrix(shared, shared.length, 1), sums));
    Tensor perImage = Ops.indexSelect(perClass, 0, slots);
    return imageImage == 1
        ? perImage
        : Ops.add(perImage, Ops.mul(matrix(own, own.length, 1), values));
  }

  private Tensor matrix(double[] values, long... shape) {
    return Tensors.to(Tensors.of(values, shape), dtype, device);
  }

  private Tensor index(long[] values) {
    return Tensors.to(Tensors.of(values, values.length), Dtype.INT64, device);
  }

  @Override
  public void close() {
    staticText.close();
    weight1.close();
    weight2.close();
    unitWeight2.close();
  }
}
