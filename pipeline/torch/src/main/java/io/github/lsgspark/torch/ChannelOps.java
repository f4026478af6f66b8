package io.github.lsgspark.torch;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** Sums and factors of the channels of a tensor, which are its second dimension. */
public final class ChannelOps {
  private ChannelOps() {}

  /** Sum over all dimensions but the second, in double: [n,c,...] to [c]. */
  public static Tensor sum(Tensor a) {
    long[] others = LongStream.range(0, a.dim()).filter(d -> d != 1).toArray();
    return a.sum(others, false, new ScalarTypeOptional(Dtype.FLOAT64.scalarType()));
  }

  /** Values per channel [c], in a shape that is broadcast over [n,c,...] like {@code like}. */
  public static Tensor broadcast(Tensor values, Tensor like) {
    long[] shape = new long[(int) like.dim()];
    Arrays.fill(shape, 1);
    shape[1] = values.size(0);
    return values.view(shape);
  }
}
