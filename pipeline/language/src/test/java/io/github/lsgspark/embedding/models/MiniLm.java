package io.github.lsgspark.embedding.models;

import java.io.IOException;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/** The default encoder, out of the artifact on the tests' class path. */
public final class MiniLm {
  /** The default encoder as settings name it. */
  public static final MavenModel MODEL = MavenModel.of(NamedEncoder.DEFAULT).orElseThrow();

  private MiniLm() {}

  /** Puts it into a cache, as a fetch would. */
  public static Path into(ModelCache cache) throws IOException {
    Path folder = Files.createDirectories(cache.folder(MODEL));
    new ModelArtifact(jar(), MODEL).unpack(folder);
    return folder;
  }

  /** The artifact. */
  public static Path jar() throws IOException {
    String graph = MODEL.known().orElseThrow().entries().get(NamedEncoder.GRAPH);
    JarURLConnection place =
        (JarURLConnection) MiniLm.class.getResource("/" + graph).openConnection();
    return Path.of(place.getJarFileURL().getPath());
  }
}
