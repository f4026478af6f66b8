package io.github.lsgspark.jobs.submit;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopConfigText;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Brings inputs of the machine that submits to where a cluster sees them: {@code
 * <work-dir>/inputs/<hash of the content>/<name>}, once. A path that says its file system, or is
 * not there on this machine, is left as it is.
 */
final class InputUpload {
  private static final String MARKER = "_complete";

  private final HadoopFiles files;
  private final String workDir;
  private final long limit;
  private final boolean dry;
  private final Consumer<String> log;
  private final Map<String, String> done = new LinkedHashMap<>();

  /**
   * @param limit bytes of one input, at most
   * @param dry whether to say only what would be done
   * @param log takes a line about each upload
   */
  InputUpload(HadoopFiles files, String workDir, long limit, boolean dry, Consumer<String> log) {
    this.files = files;
    this.workDir = workDir;
    this.limit = limit;
    this.dry = dry;
    this.log = log;
  }

  /**
   * The path under which a cluster sees an input.
   *
   * @param key the setting that names it, for messages
   * @throws LsgException exit 2 if it is too large to be brought along, or a list of files
   */
  String visible(String key, String path) {
    if (HadoopConfigText.hasScheme(path) || !Files.exists(Path.of(path))) {
      return path;
    }
    return done.computeIfAbsent(path, unused -> bring(key, Path.of(path)));
  }

  private String bring(String key, Path local) {
    Path absolute = local.toAbsolutePath().normalize();
    if (files.fileSystem(workDir).getScheme().equals("file")) {
      return absolute.toUri().toString().replaceFirst("/$", "");
    }
    if (key.endsWith("data.root") || (key.contains("data.") && isList(absolute))) {
      throw LsgException.usage(
          key
              + " = "
              + local
              + " lies on this machine, and so do the files it leads to: copy them to the cluster's"
              + " storage and give their address");
    }
    try {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(absolute)) {
        all = walk.filter(Files::isRegularFile).sorted().toList();
      }
      long bytes = 0;
      for (Path file : all) {
        bytes += Files.size(file);
      }
      requireSmall(key, local, all.size(), bytes);
      String hash = hash(absolute, all);
      String target = HadoopFiles.path(workDir, "inputs/" + hash + "/" + absolute.getFileName());
      String marker = HadoopFiles.path(workDir, "inputs/" + hash + "/" + MARKER);
      boolean there = files.exists(marker);
      boolean whole = there && isWhole(absolute, all, HadoopFiles.path(workDir, "inputs/" + hash));
      if (there && !whole) {
        log.accept(key + " = " + local + ": what was uploaded to " + target + " is not whole");
      }
      if (!whole) {
        log.accept(
            String.format(
                Locale.ROOT,
                "%s %s = %s (%,d files, %,d bytes) to %s",
                dry ? "would upload" : "uploading",
                key,
                local,
                all.size(),
                bytes,
                target));
        if (!dry) {
          upload(absolute, all, hash, there);
        }
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(key + " = " + local + ": " + e.getMessage(), e);
    }
  }

  /** Whether everything lies where it was uploaded to, in its length. */
  private boolean isWhole(Path root, List<Path> all, String place) throws IOException {
    Map<String, Long> found = files.lengthsBelow(place);
    for (Path file : all) {
      if (!Long.valueOf(Files.size(file)).equals(found.get(nameOf(root, file)))) {
        return false;
      }
    }
    String own = root.getFileName().toString();
    return found.keySet().stream()
            .filter(name -> name.equals(own) || name.startsWith(own + "/"))
            .count()
        == all.size();
  }

  /** Of an uploaded file below its place. */
  private static String nameOf(Path root, Path file) {
    return root.getFileName() + (root.equals(file) ? "" : "/" + root.relativize(file));
  }

  private static boolean isList(Path path) {
    return Files.isRegularFile(path)
        && path.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.(txt|csv|tsv|lst)");
  }

  private void requireSmall(String key, Path local, int count, long bytes) {
    if (bytes > limit) {
      throw LsgException.usage(
          String.format(
              Locale.ROOT,
              "%s = %s (%,d files, %,d bytes) lies on this machine and is larger than"
                  + " cluster.upload-limit = %,d bytes: copy it to the cluster's storage and give"
                  + " its address, or raise the limit",
              key,
              local,
              count,
              bytes,
              limit));
    }
  }

  /** Of names and contents, so that the same data are brought once whoever submits. */
  private static String hash(Path root, List<Path> all) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        for (Path file : all) {
          String name = root.getFileName() + "/" + root.relativize(file);
          sink.write((name + " " + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
          Files.copy(file, sink);
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /**
   * The marker comes last. Where folders are renamed at once, so is the whole; on an object store
   * every file appears whole, and of two that write the same at once either may be the last.
   */
  private void upload(Path root, List<Path> all, String hash, boolean replaced) throws IOException {
    String place = HadoopFiles.path(workDir, "inputs/" + hash);
    if (files.isObjectStore(workDir)) {
      copy(root, all, place);
      return;
    }
    String staging = HadoopFiles.path(workDir, "inputs/_uploading-" + UUID.randomUUID());
    copy(root, all, staging);
    // Another may have brought it meanwhile; a rename would put this folder into that one.
    boolean brought = !replaced && files.exists(HadoopFiles.path(place, MARKER));
    if (!brought) {
      files.delete(place);
    }
    if (brought || !files.fileSystem(workDir).rename(path(staging), path(place))) {
      files.delete(staging);
    }
  }

  private void copy(Path root, List<Path> all, String folder) throws IOException {
    for (Path file : all) {
      try (InputStream in = Files.newInputStream(file);
          OutputStream out = files.create(HadoopFiles.path(folder, nameOf(root, file)))) {
        in.transferTo(out);
      }
    }
    files.write(HadoopFiles.path(folder, MARKER), new byte[0]);
  }

  private static org.apache.hadoop.fs.Path path(String text) {
    return new org.apache.hadoop.fs.Path(text);
  }
}
