package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens prepared samples on an executor, for several threads. Their files were checked when they
 * were prepared.
 */
public final class SampleSource implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleSource.class);

  private final PlaceReader reader;
  private final Modality modality;
  private final SampleCache cache;

  /** A source that reads each sample where it is. */
  public SampleSource(Configuration hadoop, Modality modality) {
    this(hadoop, modality, SampleCache.off());
  }

  /**
   * @param cache keeps what comes from other machines
   */
  public SampleSource(Configuration hadoop, Modality modality, SampleCache cache) {
    this.reader = new PlaceReader(hadoop);
    this.modality = modality;
    this.cache = cache;
  }

  /** What its samples are. */
  public Modality modality() {
    return modality;
  }

  /**
   * Decodes a sample.
   *
   * @throws LsgException exit 3 if the file has gone or changed since it was prepared
   * @throws UncheckedIOException if it cannot be read, in two attempts
   */
  public Decoded decode(Sample sample) {
    byte[] bytes = read(sample);
    try {
      return modality.decode(bytes);
    } catch (UnreadableSampleException e) {
      throw LsgException.input(
          named(sample)
              + " could be read when it was prepared, but not now: "
              + e.reason()
              + ", "
              + e.getMessage(),
          e);
    }
  }

  /**
   * A sample's file as it is.
   *
   * @throws LsgException exit 3 if the file has gone since it was prepared
   * @throws UncheckedIOException if it cannot be read, in two attempts
   */
  public byte[] read(Sample sample) {
    Place place = Place.of(sample.reference());
    try {
      if (cache.isOff() || reader.isLocal(place)) {
        return reader.read(place);
      }
      byte[] kept = cache.find(sample.reference());
      if (kept != null) {
        return kept;
      }
      byte[] bytes = reader.read(place);
      cache.keep(sample.reference(), bytes);
      return bytes;
    } catch (FileNotFoundException e) {
      throw LsgException.input(named(sample) + ": no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          named(sample) + " cannot be read, in two attempts: " + e.getMessage(), e);
    }
  }

  private static String named(Sample sample) {
    return "sample " + sample.id() + " (" + RelativePath.printable(sample.reference()) + ")";
  }

  @Override
  public void close() {
    SampleCache.Counts counts = cache.counts();
    if (counts.misses() > 0) {
      LOG.info(
          "local cache of samples: {} hits, {} misses, {} bytes",
          counts.hits(),
          counts.misses(),
          counts.bytes());
    }
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
