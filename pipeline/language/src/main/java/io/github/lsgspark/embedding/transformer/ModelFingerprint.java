package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.KnownDigests;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** Which model it is, by every byte of its files: a copied folder keeps its fingerprint. */
final class ModelFingerprint {
  private ModelFingerprint() {}

  /**
   * @param onnx whether its ONNX graph is used
   */
  static Fingerprint of(ModelDirectory directory, boolean onnx, Configuration hadoop) {
    HadoopFiles files = new HadoopFiles(hadoop);
    Fingerprint.Builder builder = Fingerprint.builder("language model");
    for (FileStatus file : directory.files(onnx)) {
      builder
          .add(directory.nameOf(file), file.getLen())
          .add("content", KnownDigests.of(file, files));
    }
    return builder.build();
  }
}
