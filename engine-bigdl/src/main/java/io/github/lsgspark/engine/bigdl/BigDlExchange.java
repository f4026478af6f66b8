package io.github.lsgspark.engine.bigdl;

import com.intel.analytics.bigdl.dllib.optim.SGD;
import com.intel.analytics.bigdl.dllib.optim.parameters.AllReduceParameter;
import com.intel.analytics.bigdl.dllib.tensor.Tensor;
import com.intel.analytics.bigdl.dllib.utils.Engine$;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LostPeerException;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.UpdateRule;
import io.github.lsgspark.training.engine.WeightExchange;
import java.util.Arrays;
import org.apache.commons.lang3.SerializationUtils;
import org.apache.spark.TaskContext;
import scala.Tuple2;
import scala.runtime.AbstractFunction1;

/**
 * BigDL's parameter exchange: of N replicas each owns the Nth part of the weights. Gradients go in
 * N pieces to Spark's block managers; the owner fetches its piece from all, adds them up, takes
 * BigDL's step with its part of the weights and offers it; all fetch all parts. Nothing is rounded
 * on the way.
 *
 * <p>Between writing and reading all wait for each other, as BigDL's own optimiser does by a Spark
 * job for each half of a step.
 */
final class BigDlExchange implements WeightExchange {
  /** BigDL's name for float32 as it is; its default cuts 16 bits off. */
  private static final String EXACT = "none";

  /** BigDL counts parameters from 1. */
  private static final int FIRST = 1;

  private static final long OURS = 1L << 62;

  private static final String VELOCITY = "dfdx";

  private final ReplicaContext context;
  private final UpdateRule rule;
  private final AllReduceParameter<Object> parameters;
  private final SGD<Object> optimizer;
  private final int start;
  private final int length;

  /** This replica's parts of the sum and of the weights. */
  private final Tensor<Object> gradient;

  private final Tensor<Object> part;
  private final Blocks blocks;
  private boolean first = true;

  /** Whether no step was left in its middle. */
  private boolean whole;

  BigDlExchange(ReplicaContext context, UpdateRule rule, float[] weights, float[] velocity) {
    this.context = context;
    this.rule = rule;
    startPools();
    // What is copied in a task of Spark knows the number of the task's partition.
    long id = id();
    int replicas = context.collective().worldSize();
    parameters = SerializationUtils.clone(parameters(id, replicas, weights.length));
    blocks = new Blocks(id, context.collective().rank(), replicas);
    parameters.init(FloatTensors.over(weights), FloatTensors.numbers());
    Tuple2<Object, Object> range = parameters.localPartitionRange();
    start = (int) range._1() - FIRST;
    length = (int) range._2();
    optimizer = optimizer();
    optimizer
        .state()
        .update(VELOCITY, FloatTensors.over(Arrays.copyOfRange(velocity, start, start + length)));
    gradient = parameters.gradientPartition();
    part = parameters.weightPartition();
    blocks.unlockParts();
    context.collective().barrier("the weights to begin with");
    whole = true;
  }

  /**
   * What this start of this training has for itself in the application: the stage of Spark that its
   * replicas are the tasks of. BigDL itself counts from 0.
   */
  private static long id() {
    TaskContext task = TaskContext.get();
    return OURS + ((long) task.stageId() << Integer.SIZE) + task.stageAttemptNumber();
  }

  private static AllReduceParameter<Object> parameters(long id, int replicas, int size) {
    if (size < replicas) {
      throw LsgException.usage(size + " weights cannot be divided among " + replicas + " replicas");
    }
    return new AllReduceParameter<>(
        id, replicas, size, FIRST, EXACT, FloatTensors.tag(), FloatTensors.numbers());
  }

  /** The thread pools that sums are made in, if no other program of BigDL runs here. */
  private void startPools() {
    try {
      Engine$.MODULE$.coreNumber();
    } catch (RuntimeException e) {
      Engine$.MODULE$.setCoreNumber(context.threads());
    }
  }

  private SGD<Object> optimizer() {
    float[] factors = rule.factors(start, length);
    boolean same = true;
    for (float factor : factors) {
      same &= factor == 1;
    }
    return new SGD<>(
        0,
        0,
        rule.decay(),
        rule.momentum(),
        0,
        rule.momentum() > 0,
        new SGD.Default(),
        same ? null : FloatTensors.over(factors),
        null,
        FloatTensors.tag(),
        FloatTensors.numbers());
  }

  @Override
  public void step(float[] gradients, double rate, float[] weights) {
    whole = false;
    exchanged(() -> put(gradients));
    context.collective().barrier("the gradients of all replicas");
    exchanged(() -> parameters.aggregateGradientPartition(1));
    clip();
    exchanged(
        () -> {
          update(rate);
          parameters.sendWeightPartition();
          blocks.unlockOffered();
        });
    context.collective().barrier("the weights of all replicas");
    exchanged(() -> parameters.getWeights(FloatTensors.over(weights)).waitResult());
    whole = true;
  }

  private void put(float[] gradients) {
    parameters.putGradients(FloatTensors.over(gradients));
    if (!first) {
      blocks.unlockPieces();
    }
    first = false;
  }

  private void update(double rate) {
    optimizer.learningRate_$eq(rate);
    optimizer.optimize(
        new AbstractFunction1<Tensor<Object>, Tuple2<Object, Tensor<Object>>>() {
          @Override
          public Tuple2<Object, Tensor<Object>> apply(Tensor<Object> unused) {
            return new Tuple2<>(0f, gradient);
          }
        },
        part);
  }

  private void clip() {
    if (rule.clip() == 0) {
      return;
    }
    float[] values = FloatTensors.array(gradient);
    int from = FloatTensors.start(gradient);
    double squares = 0;
    for (int i = from; i < from + length; i++) {
      squares += (double) values[i] * values[i];
    }
    double norm = Math.sqrt(sum(squares));
    if (norm > rule.clip()) {
      float factor = (float) (rule.clip() / norm);
      for (int i = from; i < from + length; i++) {
        values[i] *= factor;
      }
    }
  }

  private double sum(double own) {
    try (TensorScope scope = new TensorScope()) {
      var tensor = Tensors.to(Tensors.of(new double[] {own}, 1), Dtype.FLOAT64, context.device());
      context.collective().allReduceSum(tensor, "the norm of the gradient");
      return Tensors.item(tensor);
    }
  }

  @Override
  public float[] velocity() {
    Tensor<Object> own = optimizer.state().<Tensor<Object>>apply(VELOCITY);
    float[] all = new float[rule.size()];
    System.arraycopy(FloatTensors.array(own), FloatTensors.start(own), all, start, length);
    try (TensorScope scope = new TensorScope()) {
      var tensor = Tensors.to(Tensors.of(all, all.length), Dtype.FLOAT32, context.device());
      context.collective().allReduceSum(tensor, "the velocity");
      return Tensors.floats(tensor);
    }
  }

  /** A block that cannot be had tells that the executor it lay on is gone. */
  private static void exchanged(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      throw new LostPeerException("BigDL's exchange failed: " + e.getMessage(), e);
    }
  }

  /**
   * Spark would keep the blocks as long as the application runs. After a failure it does: nobody
   * knows which of them are locked.
   */
  @Override
  public void close() {
    if (whole) {
      blocks.remove();
    }
  }
}
