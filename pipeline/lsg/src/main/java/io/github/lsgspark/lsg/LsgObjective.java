package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.gcn.GcnWeights;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The LSG objective (docs/method.md, section 4): cg L_align + cc L_r, beyond the paper + cp L_p,
 * and a factor of all of them by step. Over the global batch, projections of all replicas are
 * gathered, so that the graph of the step is the same however many there are; each replica's
 * gradient flows to its own rows, and the sum over replicas is the exact one. With {@code
 * lsg.batch-graph = local} the graph is that of a replica's own rows, and the losses are weighted
 * by their share.
 */
public final class LsgObjective implements AutoCloseable {
  // Names of what is measured beside the losses.
  public static final String PROJECTOR_NORM = "projector_norm";
  public static final String PROTOTYPE_ACCURACY = "prototype_accuracy";

  private static final double EPSILON = GcnConstants.EPSILON;

  private final LsgSettings settings;
  private final int iterations;
  private final Collective collective;
  private final ComputeDevice device;
  private final LsgBranch branch;
  private final HostArray prototypes;
  private final Tensor prototypesByColumn;
  private final Optional<Tensor> softTargets;
  private final List<LossTerm<LsgBatch>> terms = new ArrayList<>();

  /**
   * @param graph the text graph that guides the backbone
   * @param gcn content of the GCN's safetensors file
   * @param unlabelled classes without a labelled sample
   * @param iterations steps of the training
   * @throws LsgException exit 3 if the GCN's weights are not those of the graph
   */
  public LsgObjective(
      LsgSettings settings,
      TextGraph graph,
      byte[] gcn,
      int[] unlabelled,
      int iterations,
      Collective collective,
      ComputeDevice device) {
    this.settings = settings;
    this.iterations = iterations;
    this.collective = collective;
    this.device = device;
    GcnWeights weights =
        GcnWeights.of(
            Safetensors.read(gcn, "the GCN's weights"),
            graph.dimension(),
            graph.classes(),
            "the GCN's weights");
    prototypes = ClassPrototypes.of(graph, weights.first());
    try (TensorScope scope = new TensorScope()) {
      branch =
          new LsgBranch(
              graph.adjacency(),
              graph.prompts(),
              Tensors.of(graph.embeddings(), graph.nodes(), graph.dimension()),
              weights.first().tensor(),
              weights.second().tensor(),
              settings.textImageWeight(),
              settings.imageImageWeight(),
              Dtype.FLOAT32,
              device);
      prototypesByColumn =
          scope.keep(Tensors.to(prototypes.tensor(), Dtype.FLOAT32, device).t().contiguous());
      softTargets =
          settings.softLabels().share() == 0
              ? Optional.empty()
              : Optional.of(
                  scope.keep(
                      Tensors.to(
                          SemanticTargets.of(graph, settings.softLabels()).tensor(),
                          Dtype.FLOAT32,
                          device)));
    }
    // A term without weight is not computed.
    if (settings.alignWeight() != 0) {
      terms.add(new AlignmentLoss(settings));
    }
    if (settings.regularizationWeight() != 0) {
      terms.add(new RegularizationLoss(settings));
    }
    if (settings.prototypeFactor() != 0) {
      terms.add(new PrototypeLoss(settings, prototypesByColumn, unlabelled));
    }
  }

  /**
   * The terms of the objective, without the factor by step.
   *
   * @param prefix of their numbers' names
   */
  public LossTerms<LsgBatch> terms(String prefix) {
    return new LossTerms<>(terms, prefix);
  }

  /**
   * The objective of a batch as it enters the loss of this replica; its numbers go to the metrics.
   * Empty if no term has a weight.
   *
   * @param terms of this objective
   * @param step from 0
   * @param part of the step that the batch is
   */
  public Optional<Tensor> loss(
      LossTerms<LsgBatch> terms, LsgBatch batch, int step, double part, StepMetrics metrics) {
    double factor = part * weight(step);
    return terms
        .sum(batch, step, 1, part, metrics)
        .map(sum -> factor == 1 ? sum : Ops.mul(sum, factor));
  }

  /** The same as a number, from the metrics of the step. */
  public double value(LossTerms<LsgBatch> terms, int step, StepMetrics metrics) {
    return weight(step) * terms.value(step, metrics);
  }

  /** The factor of all terms in a step, counted from 0 ({@code lsg.schedule}). */
  public double weight(int step) {
    return settings.schedule().factorAt(step, iterations);
  }

  /**
   * Image nodes for the graph; replicas whose projections are gathered call it together.
   *
   * @param local this replica's projections [b,D], not normalised
   * @param rows their places in the global batch
   * @param labels labels of the whole global batch, views included
   */
  public LsgBatch batch(Tensor local, long[] rows, int[] labels) {
    Tensor own = settings.normalizesProjection() ? RowOps.normalizeRows(local, EPSILON) : local;
    if (collective.worldSize() == 1) {
      return batch(local, own, labels, 1, 1);
    }
    if (gathers()) {
      Tensor all = gathered(own, rows, labels.length);
      return batch(local, all, labels, 1, 1.0 / collective.worldSize());
    }
    int[] ownLabels = Arrays.stream(rows).mapToInt(row -> labels[(int) row]).toArray();
    double share = (double) rows.length / labels.length;
    return batch(local, own, ownLabels, share, share);
  }

  private LsgBatch batch(
      Tensor local, Tensor projected, int[] labels, double weight, double share) {
    return new LsgBatch(branch, local, projected, labels, weight, share, device);
  }

  /** Whether projections of other replicas are needed, so that all must take part. */
  public boolean gathers() {
    return collective.worldSize() > 1 && settings.batchGraph() == LsgSettings.BatchGraph.GLOBAL;
  }

  private Tensor gathered(Tensor own, long[] rows, int count) {
    Tensor places = Tensors.to(Tensors.of(rows, rows.length), Dtype.INT64, device);
    Tensor others = Tensors.zeros(Dtype.FLOAT32, device, count, own.size(1));
    Tensor placed = Ops.indexAdd(others, 0, places, own.detach());
    // Only the device reads them.
    collective.startAllReduceSum(placed, "the projections of the global batch").await();
    Tensor withoutOwn = Ops.indexAdd(placed, 0, places, Ops.mul(own.detach(), -1));
    return Ops.indexAdd(withoutOwn, 0, places, own);
  }

  /**
   * What the classifier is to say: soft targets [n,C] where the settings ask for them, else labels.
   *
   * @param labels [n] int64
   */
  public Tensor targets(Tensor labels) {
    return softTargets.map(soft -> Ops.indexSelect(soft, 0, labels)).orElse(labels);
  }

  /** softmax(scale · cosine to the class prototypes) of projections [n,D]: [n,C]. */
  public Tensor prototypeProbabilities(Tensor projected) {
    Tensor cosines = Ops.matmul(RowOps.normalizeRows(projected, EPSILON), prototypesByColumn);
    return Ops.softmax(Ops.mul(cosines, settings.prototypeScale()), 1);
  }

  /** Share of rows whose nearest class prototype is that of their label. */
  public double prototypeAccuracy(LsgBatch batch) {
    int[] labels = batch.labels();
    try (TensorScope scope = new TensorScope()) {
      long[] nearest =
          Tensors.longs(Ops.argmax(Ops.matmul(batch.projected().detach(), prototypesByColumn), 1));
      int hits = 0;
      for (int i = 0; i < labels.length; i++) {
        hits += nearest[i] == labels[i] ? 1 : 0;
      }
      return (double) hits / labels.length;
    }
  }

  /** The class prototypes [C,D]. */
  public HostArray prototypes() {
    return prototypes;
  }

  @Override
  public void close() {
    branch.close();
    prototypesByColumn.close();
    softTargets.ifPresent(Tensor::close);
  }
}
