package io.github.lsgspark.torch;

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
