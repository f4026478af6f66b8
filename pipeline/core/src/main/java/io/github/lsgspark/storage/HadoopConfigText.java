package io.github.lsgspark.storage;

import io.github.lsgspark.config.ConfigText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Configuration files of this machine, and of any Hadoop file system by their full address. */
public final class HadoopConfigText implements ConfigText {
  private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*");

  private final Configuration configuration;

  public HadoopConfigText(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Whether a path says which file system it means. */
  public static boolean hasScheme(String path) {
    return SCHEME.matcher(path).matches();
  }

  @Override
  public Optional<String> read(String location) throws IOException {
    if (!hasScheme(location)) {
      return LOCAL.read(location);
    }
    try {
      return new HadoopFiles(configuration).readIfThere(location);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public boolean exists(String location) throws IOException {
    if (!hasScheme(location)) {
      return LOCAL.exists(location);
    }
    try {
      return new HadoopFiles(configuration).exists(location);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
