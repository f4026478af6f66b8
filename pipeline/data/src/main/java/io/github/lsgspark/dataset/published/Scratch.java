package io.github.lsgspark.dataset.published;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** Keeps, until the samples are written, what archives are unpacked to. */
public interface Scratch {

  /** Many pieces in one file; they can be read once it is closed. */
  interface Pack extends Closeable {
    /**
     * Appends a piece.
     *
     * @return its name for {@link Scratch#open}
     */
    String add(InputStream content) throws IOException;
  }

  /** Begins a file of pieces. */
  Pack create(String name);

  /** Opens a piece; the caller closes it. */
  InputStream open(String piece) throws IOException;
}
