package io.github.lsgspark.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Operations on sampled signals. */
public final class SignalOps {
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
}
