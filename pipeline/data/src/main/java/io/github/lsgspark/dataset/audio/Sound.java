package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;

/**
 * A sound.
 *
 * @param samples of one channel, full scale 1
 * @param rate samples per second
 * @param mel how its spectrogram is made
 */
@SuppressWarnings("ArrayRecordComponent")
record Sound(float[] samples, int rate, LogMel mel) implements Decoded {

  @Override
  public long bytes() {
    return (long) Float.BYTES * samples.length;
  }

  @Override
  public int width() {
    return 0;
  }

  @Override
  public int height() {
    return 0;
  }

  @Override
  public double seconds() {
    return (double) samples.length / rate;
  }

  /** Its log-mel spectrogram; of a long sound that of the first minute. */
  @Override
  public DecodedImage picture() {
    return SpectrogramPicture.of(this);
  }
}
