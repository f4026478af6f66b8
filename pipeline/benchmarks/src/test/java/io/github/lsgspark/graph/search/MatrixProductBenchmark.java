package io.github.lsgspark.graph.search;

import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Random;
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
 * The float32 product of two blocks of nodes that the exact search consists of, by one thread.
 * {@code OPENBLAS_CORETYPE} in the environment names the kernels.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 12)
public class MatrixProductBenchmark {
  @Param("2048")
  public int rows;

  @Param("1024")
  public int dimension;

  private Tensor left;
  private Tensor right;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(1);
    left = block(1);
    right = block(2);
  }

  private Tensor block(long seed) {
    Random random = new Random(seed);
    float[] values = new float[rows * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensors.of(values, rows, dimension);
  }

  @Benchmark
  public long product() {
    try (TensorScope scope = new TensorScope()) {
      return Ops.matmul(left, Ops.transpose(right, 0, 1)).numel();
    }
  }
}
