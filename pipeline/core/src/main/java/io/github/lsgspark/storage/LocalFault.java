package io.github.lsgspark.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSError;

/**
 * Hadoop's client of local disks throws an error, which nothing expects, where a disk is full or
 * broken: here it is the exception that it was made of.
 */
final class LocalFault {
  private LocalFault() {}

  static IOException of(FSError error) {
    return error.getCause() instanceof IOException cause
        ? cause
        : new IOException(error.getMessage(), error);
  }

  /** A stream whose faults are exceptions. */
  static OutputStream asException(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int value) throws IOException {
        told(() -> out.write(value));
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        told(() -> out.write(bytes, from, length));
      }

      @Override
      public void flush() throws IOException {
        told(out::flush);
      }

      @Override
      public void close() throws IOException {
        told(out::close);
      }
    };
  }

  /** A write. */
  private interface Write {
    void run() throws IOException;
  }

  private static void told(Write write) throws IOException {
    try {
      write.run();
    } catch (FSError e) {
      throw of(e);
    }
  }
}
