package io.github.lsgspark.gcn;

import io.github.lsgspark.benchmark.RandomTextGraph;
import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One iteration of training the GCN on the whole graph, N = 20 C nodes: forward, backward and
 * update, on the sparse adjacency with its constant product computed once, and on a dense adjacency
 * with autograd as in the reference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 5)
public class GcnIterationBenchmark {
  private static final double LEARNING_RATE = 0.01;
  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 1e-4;

  @Param({"100", "200"})
  public int classes;

  @Param("1")
  public int threads;

  private GcnGraph graph;
  private Gcn sparse;
  private GcnOptimizer optimizer;
  private DenseGcn dense;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(threads);
    RandomTextGraph drawn = RandomTextGraph.draw(classes, 1);
    CsrMatrix normalized = drawn.training().normalized(t -> "node " + t);
    int[] labels = new int[normalized.size()];
    Arrays.setAll(labels, t -> t / RandomTextGraph.PROMPTS);
    GcnWeights weights = GcnWeights.initialize(RandomTextGraph.DIMENSION, classes, 2);
    Tensor texts = drawn.texts();
    graph = new GcnGraph(normalized, texts, labels, Dtype.FLOAT32, ComputeDevice.cpu());
    sparse = new Gcn(weights, Dtype.FLOAT32, ComputeDevice.cpu());
    optimizer = new GcnOptimizer(GcnSettings.Optimizer.SGD, LEARNING_RATE, MOMENTUM, WEIGHT_DECAY);
    dense = new DenseGcn(RandomTextGraph.dense(normalized), texts, graph.labels(), weights);
    for (int iteration = 0; iteration < 3; iteration++) {
      double sparseLoss = sparse();
      double denseLoss = dense();
      if (!(Math.abs(sparseLoss - denseLoss) < 1e-5)) {
        throw new IllegalStateException(
            "the loss is " + sparseLoss + " in the sparse and " + denseLoss + " in the dense form");
      }
    }
  }

  @Benchmark
  public double sparse() {
    try (TensorScope scope = new TensorScope()) {
      Gcn.Pass pass = sparse.differentiate(graph);
      sparse.step(pass, optimizer);
      return pass.loss();
    }
  }

  @Benchmark
  public double dense() {
    try (TensorScope scope = new TensorScope()) {
      return dense.iterate(LEARNING_RATE, MOMENTUM, WEIGHT_DECAY);
    }
  }
}
