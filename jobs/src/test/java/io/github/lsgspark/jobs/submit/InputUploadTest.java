package io.github.lsgspark.jobs.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs that were brought along are used again only while all of them lie there. */
class InputUploadTest {
  @TempDir Path here;
  @TempDir Path there;

  /** Local files under another scheme. */
  public static final class Cluster extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("cluster:///");
    }

    @Override
    public String getScheme() {
      return "cluster";
    }
  }

  private final List<String> said = new ArrayList<>();

  private Path bring() {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.cluster.impl", Cluster.class, FileSystem.class);
    String seen =
        new InputUpload(
                new HadoopFiles(hadoop), "cluster:" + there, 1 << 20, false, said::add)
            .visible("data.train", here.resolve("data").toString());
    return Path.of(seen.substring("cluster:".length()));
  }

  @Test
  void whatWasLostOrCutOffIsBroughtAgain() throws IOException {
    Files.createDirectories(here.resolve("data/cat"));
    Files.writeString(here.resolve("data/cat/1.png"), "one");
    Files.writeString(here.resolve("data/cat/2.png"), "two");
    Path place = bring();
    assertThat(place.resolve("cat/2.png")).hasContent("two");
    assertThat(bring()).isEqualTo(place);
    assertThat(said).hasSize(1);

    Files.delete(place.resolve("cat/1.png"));
    bring();
    assertThat(place.resolve("cat/1.png")).hasContent("one");
    Files.writeString(place.resolve("cat/2.png"), "t");
    bring();
    assertThat(place.resolve("cat/2.png")).hasContent("two");
    assertThat(said).hasSize(5).element(1).asString().contains("is not whole");
  }
}
