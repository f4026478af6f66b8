package io.github.lsgspark.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * Sums gradients over replicas while the backward pass still runs, as PyTorch's
 * DistributedDataParallel does: the flat gradient is cut into buckets from its end, and a bucket
 * sets out when the gradients of all its parameters are there. Buckets set out in the same order on
 * every replica.
 *
 * <p>In bfloat16 half as many bytes travel. Every gradient, and every sum of two, is then rounded
 * to 8 bits, a relative error of at most 2^-8 each time.
 */
public final class GradientBuckets implements AutoCloseable {
  private final FlatParameters parameters;
  private final Collective collective;
  private final boolean bfloat16;
  private final List<Bucket> buckets = new ArrayList<>();
  private final List<VoidTensorHook> hooks = new ArrayList<>();
  private final int[] missing;
  private final List<Runnable> arrivals = new ArrayList<>();
  private boolean armed;
  private int next;
  private Bucket last;
  private String what = "";

  /** A part of the flat gradient. */
  private static final class Bucket {
    private final int number;
    private long start;
    private long length;
    private int parameters;

    /** Of the flat gradient, and what travels; made once, as hooks run on autograd's threads. */
    private Tensor part;

    private Tensor wire;

    Bucket(int number) {
      this.number = number;
    }
  }

  /**
   * @param bucketBytes a bucket is closed when it holds so many; it holds one parameter at least
   * @param bfloat16 whether gradients travel as bfloat16
   */
  public GradientBuckets(
      FlatParameters parameters, Collective collective, long bucketBytes, boolean bfloat16) {
    this.parameters = parameters;
    this.collective = collective;
    this.bfloat16 = bfloat16;
    if (collective.worldSize() > 1) {
      try (TensorScope scope = new TensorScope()) {
        divide(bucketBytes, scope);
      }
    }
    missing = new int[buckets.size()];
  }

  private void divide(long bucketBytes, TensorScope scope) {
    List<String> names = new ArrayList<>(parameters.names());
    Bucket bucket = null;
    for (int i = names.size() - 1; i >= 0; i--) {
      if (bucket == null || bucket.length * Float.BYTES >= bucketBytes) {
        bucket = new Bucket(buckets.size());
        buckets.add(bucket);
      }
      String name = names.get(i);
      bucket.start = parameters.offset(name);
      bucket.length += parameters.size(name);
      bucket.parameters++;
      VoidTensorHook hook = hook(bucket);
      parameters.parameter(name).register_hook(hook);
      hooks.add(scope.keep(hook));
    }
    for (Bucket each : buckets) {
      each.part = scope.keep(Ops.narrow(parameters.gradients(), 0, each.start, each.length));
      each.wire = bfloat16 ? scope.keep(Tensors.to(each.part, Dtype.BFLOAT16)) : each.part;
    }
  }

  /**
   * The hook of a leaf runs before its gradient is added to the flat buffer, so a bucket counts a
   * parameter when the next one's hook runs.
   */
  private VoidTensorHook hook(Bucket bucket) {
    return new VoidTensorHook() {
      @Override
      public void call(TensorBase gradient) {
        // Made for this call, in a thread that may have no scope to free it.
        gradient.close();
        if (armed) {
          arrived();
          last = bucket;
        }
      }
    };
  }

  /**
   * Makes the next backward pass the one whose gradients are summed.
   *
   * @param description of the gradients, for errors
   */
  public void arm(String description) {
    what = description;
    armed = true;
    next = 0;
    last = null;
    arrivals.clear();
    for (Bucket bucket : buckets) {
      missing[bucket.number] = bucket.parameters;
    }
  }

  private void arrived() {
    if (last == null) {
      return;
    }
    missing[last.number]--;
    while (next < buckets.size() && missing[next] == 0) {
      setOut();
    }
  }

  private void setOut() {
    Bucket bucket = buckets.get(next);
    try (TensorScope scope = new TensorScope()) {
      if (bfloat16) {
        bucket.wire.copy_(bucket.part);
      }
      Collective.Pending pending =
          collective.startAllReduceSum(
              bucket.wire, what + " (bucket " + (next + 1) + " of " + buckets.size() + ")");
      arrivals.add(
          () -> {
            pending.await();
            if (bfloat16) {
              bucket.part.copy_(bucket.wire);
            }
          });
    }
    next++;
  }

  /** Waits until the flat gradient holds the sum over all replicas. */
  public void finish() {
    while (next < buckets.size()) {
      setOut();
    }
    arrivals.forEach(Runnable::run);
    arrivals.clear();
    armed = false;
  }

  @Override
  public void close() {
    hooks.forEach(VoidTensorHook::close);
    for (Bucket bucket : buckets) {
      bucket.part.close();
      if (bfloat16) {
        bucket.wire.close();
      }
    }
  }
}
