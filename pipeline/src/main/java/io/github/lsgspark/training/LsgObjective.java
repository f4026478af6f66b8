package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.gcn.GcnWeights;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.lsg.ClassPrototypes;
import io.github.lsgspark.lsg.LsgBranch;
import io.github.lsgspark.lsg.LsgLosses;
import io.github.lsgspark.lsg.SemanticTargets;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The LSG losses of one step. Over the global batch, projections of all replicas are gathered, so
 * that the graph of the step is the same however many there are; each replica's gradient flows to
 * its own rows, and the sum over replicas is the exact one. With {@code lsg.batch-graph = local}
 * the graph is that of a replica's own rows, and the losses are weighted by their share.
 */
final class LsgObjective implements AutoCloseable {
  private static final double EPSILON = 1e-12;

  private static final float OUT_OF_QUESTION = -1e9f;

  private final LsgSettings settings;
  private final int[] unlabelled;
  private final Collective collective;
  private final ComputeDevice device;
  private final LsgBranch branch;
  private final HostArray prototypes;
  private final Tensor prototypesByColumn;
  private final Tensor softTargets;

  /**
   * @param unlabelled classes without a labelled sample
   */
  LsgObjective(
      LsgSettings settings,
      TextGraph graph,
      byte[] gcn,
      int[] unlabelled,
      Collective collective,
      ComputeDevice device) {
    this.settings = settings;
    this.unlabelled = unlabelled;
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
              ? null
              : scope.keep(
                  Tensors.to(
                      SemanticTargets.of(graph, settings.softLabels()).tensor(),
                      Dtype.FLOAT32,
                      device));
    }
  }

  /**
   * The losses of one step.
   *
   * @param total cg L_align + cc L_r + cp L_p, differentiable
   * @param projected f of the batch, as it entered the graph
   * @param labels of its rows
   * @param share of the losses that counts as this replica's, when losses of all are added up
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Losses(
      Tensor total,
      Tensor align,
      Tensor regularization,
      Optional<Tensor> prototypes,
      Tensor projected,
      int[] labels,
      double share) {}

  /**
   * @param local this replica's projections [b,D], not normalised
   * @param rows their places in the global batch
   * @param labels labels of the whole global batch, views included
   */
  Losses losses(Tensor local, long[] rows, int[] labels) {
    Tensor own = settings.normalizesProjection() ? Ops.normalizeRows(local, EPSILON) : local;
    if (collective.worldSize() == 1) {
      return of(own, labels, 1, 1);
    }
    if (gathers()) {
      return of(gathered(own, rows, labels.length), labels, 1, 1.0 / collective.worldSize());
    }
    int[] ownLabels = Arrays.stream(rows).mapToInt(row -> labels[(int) row]).toArray();
    double share = (double) rows.length / labels.length;
    return of(own, ownLabels, share, share);
  }

  /** Whether projections of other replicas are needed, so that all must take part. */
  boolean gathers() {
    return collective.worldSize() > 1 && settings.batchGraph() == LsgSettings.BatchGraph.GLOBAL;
  }

  private Losses of(Tensor projected, int[] labels, double weight, double share) {
    LsgBranch.Output output = branch.forward(projected, labels);
    long[] wide = Arrays.stream(labels).asLongStream().toArray();
    Tensor targets = Tensors.to(Tensors.of(wide, wide.length), Dtype.INT64, device);
    Tensor logits =
        settings.alignLogits() == LsgSettings.AlignLogits.DOT
            ? output.logits()
            : branch.cosines(output);
    Tensor align =
        LsgLosses.align(
            settings.alignTemperature() == 1
                ? logits
                : Ops.div(logits, settings.alignTemperature()),
            targets);
    Tensor regularization = LsgLosses.regularization(projected, output.hidden());
    Tensor total =
        Ops.add(
            Ops.mul(align, weight * settings.alignWeight()),
            Ops.mul(regularization, weight * settings.regularizationWeight()));
    if (settings.prototypeFactor() == 0) {
      return new Losses(total, align, regularization, Optional.empty(), projected, labels, share);
    }
    Tensor prototypeLoss =
        LsgLosses.prototypes(
            projected,
            prototypesByColumn,
            settings.prototypeScale(),
            Tensors.to(handicaps(labels), Dtype.FLOAT32, device),
            targets);
    return new Losses(
        Ops.add(total, Ops.mul(prototypeLoss, weight * settings.prototypeFactor())),
        align,
        regularization,
        Optional.of(prototypeLoss),
        projected,
        labels,
        share);
  }

  /**
   * Classes without a labelled sample do not compete in the prototype term: it would push all
   * projections away from the texts that they are to be recognised by. One that a pseudo-label
   * names does.
   */
  private Tensor handicaps(int[] labels) {
    float[] handicaps = new float[(int) prototypesByColumn.size(1)];
    for (int label : unlabelled) {
      handicaps[label] = OUT_OF_QUESTION;
    }
    for (int label : labels) {
      handicaps[label] = 0;
    }
    return Tensors.of(handicaps, handicaps.length);
  }

  private Tensor gathered(Tensor own, long[] rows, int count) {
    Tensor places = Tensors.to(Tensors.of(rows, rows.length), Dtype.INT64, device);
    Tensor others = Tensors.zeros(Dtype.FLOAT32, device, count, own.size(1));
    Tensor placed = Ops.indexAdd(others, 0, places, own.detach());
    collective.allReduceSum(placed, "the projections of the global batch");
    Tensor withoutOwn = Ops.indexAdd(placed, 0, places, Ops.mul(own.detach(), -1));
    return Ops.indexAdd(withoutOwn, 0, places, own);
  }

  /**
   * What the classifier is to say: soft targets [n,C] where the settings ask for them, else labels.
   *
   * @param labels [n] int64
   */
  Tensor targets(Tensor labels) {
    return softTargets == null ? labels : Ops.indexSelect(softTargets, 0, labels);
  }

  /** softmax(scale · cosine to the class prototypes) of projections [n,D]: [n,C]. */
  Tensor prototypeProbabilities(Tensor projected) {
    Tensor cosines = Ops.matmul(Ops.normalizeRows(projected, EPSILON), prototypesByColumn);
    return Ops.softmax(Ops.mul(cosines, settings.prototypeScale()), 1);
  }

  /** Share of rows whose nearest class prototype is that of their label. */
  double prototypeAccuracy(Losses losses) {
    int[] labels = losses.labels();
    try (TensorScope scope = new TensorScope()) {
      long[] nearest =
          Tensors.longs(Ops.argmax(Ops.matmul(losses.projected().detach(), prototypesByColumn), 1));
      int hits = 0;
      for (int i = 0; i < labels.length; i++) {
        hits += nearest[i] == labels[i] ? 1 : 0;
      }
      return (double) hits / labels.length;
    }
  }

  /** The class prototypes [C,D]. */
  HostArray prototypes() {
    return prototypes;
  }

  @Override
  public void close() {
    branch.close();
    prototypesByColumn.close();
    if (softTargets != null) {
      softTargets.close();
    }
  }
}
