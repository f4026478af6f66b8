package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.storage.HadoopFiles;
import org.apache.hadoop.conf.Configuration;

/** Opens prepared samples on an executor. Their files were checked when they were prepared. */
public final class SampleSource {
  private final HadoopFiles files;
  private final ImageDecoder decoder;

  public SampleSource(Configuration hadoop, PrepareSettings settings) {
    files = new HadoopFiles(hadoop);
    decoder = new ImageDecoder(settings.maxFileBytes(), settings.maxPixels());
  }

  /**
   * Decodes a sample.
   *
   * @throws LsgException exit 3 if the file has gone or changed since it was prepared
   */
  public DecodedImage decode(Sample sample) {
    byte[] bytes = sample.bytes() != null ? sample.bytes() : files.read(sample.reference());
    try {
      return decoder.decode(bytes);
    } catch (UnreadableImageException e) {
      throw LsgException.input(
          "sample "
              + sample.id()
              + " could be read when it was prepared, but not now: "
              + e.reason()
              + ", "
              + e.getMessage(),
          e);
    }
  }
}
