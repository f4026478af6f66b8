package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.LocalCopies;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * A model's files on this machine's disk, where they can be mapped into memory: the folder itself
 * if it is local, else one of {@link LocalCopies}, which all executors of the machine share.
 */
final class LocalCopy {
  private LocalCopy() {}

  /**
   * Brings the files of a model to this machine.
   *
   * @param files what is needed of the folder
   * @return a local folder with these files
   */
  static Path of(ModelDirectory directory, List<FileStatus> files, Configuration hadoop) {
    org.apache.hadoop.fs.Path first = files.get(0).getPath();
    if ("file".equals(first.toUri().getScheme())) {
      return Path.of(new org.apache.hadoop.fs.Path(directory.path()).toUri().getPath());
    }
    Fingerprint.Builder identity = Fingerprint.builder("model").add("path", directory.path());
    Map<String, FileStatus> named = new LinkedHashMap<>();
    for (FileStatus file : files) {
      named.put(directory.nameOf(file), file);
      identity
          .add(directory.nameOf(file), file.getLen())
          .add("changed", file.getModificationTime());
    }
    return LocalCopies.of("models", identity.build().hex(), named, hadoop);
  }
}
