package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Operations on sampled signals. */
public final class SignalOps {
  /** Elements of a logarithm that libtorch computes on the calling thread. */
  private static final long LOGARITHMS_AT_ONCE = 2048;

  private SignalOps() {}

  /**
   * Squared absolute values of the discrete Fourier transform of each row.
   *
   * @param frames [n, length], real
   * @return [n, length / 2 + 1]: frequencies from 0 to half the sampling rate
   */
  public static Tensor powerSpectra(Tensor frames) {
    Tensor spectra = torch.fft_rfft(frames);
    Tensor real = torch.real(spectra);
    Tensor imaginary = torch.imag(spectra);
    return real.mul(real).addcmul_(imaginary, imaginary);
  }

  /**
   * Whether anything but zeros stands at a sample or behind it: 1 or 0.
   *
   * @param samples [n, 1, 1, length]
   * @param ends places of samples [count], int64
   * @return [n, count, 1]
   */
  public static Tensor sounding(Tensor samples, Tensor ends) {
    Tensor sizes = samples.flatten(1, -1).abs();
    Tensor behind = torch.cumsum(sizes.flip(1), 1).flip(1);
    Tensor found = behind.index_select(1, ends).gt(new Scalar(0));
    return Tensors.to(found, Dtype.of(samples)).unsqueeze(2);
  }

  /**
   * Sequences with the mean of the places that count in all others.
   *
   * @param x [n, length, d]
   * @param sounding 1 for places that count, 0 for others: [n, length, 1]
   */
  public static Tensor withoutPadding(Tensor x, Tensor sounding) {
    Tensor own = x.mul(sounding);
    Tensor count = sum(sounding).clamp_min(new Scalar(1));
    Tensor mean = sum(own).div(count);
    return own.add(mean.mul(torch.rsub(sounding, new Scalar(1))));
  }

  private static Tensor sum(Tensor x) {
    return x.sum(new long[] {1}, true, new ScalarTypeOptional());
  }

  /**
   * Natural logarithms in the place of their arguments, on the calling thread only: libtorch wakes
   * a team of threads for a few thousand of them already, which costs more than they do.
   *
   * @param values contiguous
   */
  public static void logInPlace(Tensor values) {
    Tensor flat = values.view(-1);
    long count = flat.numel();
    for (long at = 0; at < count; at += LOGARITHMS_AT_ONCE) {
      flat.narrow(0, at, Math.min(LOGARITHMS_AT_ONCE, count - at)).log_();
    }
  }
}
