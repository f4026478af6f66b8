package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.published.Scratch;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.LimitInputStream;

/** Packs in a folder that is deleted once the samples are written, or cannot be. */
final class ScratchPacks implements Scratch, AutoCloseable {
  /** What a {@link Place} can say. */
  private static final long MAX_PIECE = 999_999_999;

  private final String folder;
  private final Configuration hadoop;
  private final HadoopFiles files;

  ScratchPacks(String folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.files = new HadoopFiles(hadoop);
  }

  @Override
  public Pack create(String name) {
    String path = HadoopFiles.path(folder, name + ".pack");
    return new ScratchPack(path, files.create(path));
  }

  @Override
  public InputStream open(String piece) throws IOException {
    Place place = Place.of(piece);
    Path path = new Path(place.path());
    FSDataInputStream in = path.getFileSystem(hadoop).open(path);
    in.seek(place.offset());
    return new LimitInputStream(in, place.length());
  }

  @Override
  public void close() {
    files.delete(folder);
  }

  private static final class ScratchPack implements Pack {
    private final String path;
    private final OutputStream out;
    private long written;

    ScratchPack(String path, OutputStream out) {
      this.path = path;
      this.out = out;
    }

    @Override
    public String add(InputStream content) throws IOException {
      long length = content.transferTo(out);
      if (length > MAX_PIECE) {
        throw new IOException("a file of " + length + " bytes is too long");
      }
      Place place = new Place(path, written, (int) length);
      written += length;
      return place.toString();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
