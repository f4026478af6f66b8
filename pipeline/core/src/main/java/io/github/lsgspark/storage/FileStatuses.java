package io.github.lsgspark.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Files below folders of this program's own making; {@link FolderWalk} is for those of others. */
final class FileStatuses {
  private FileStatuses() {}

  /**
   * All files below a folder, however deep. Hadoop's own listing of a whole tree is one call on an
   * object store, but starts a process for each file of this machine, to learn its permissions.
   *
   * @throws java.io.FileNotFoundException if there is no such folder
   */
  static List<FileStatus> below(FileSystem fileSystem, Path folder) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    if (!fileSystem.getUri().getScheme().equals("file")) {
      RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(folder, true);
      while (all.hasNext()) {
        files.add(all.next());
      }
      return files;
    }
    Deque<Path> folders = new ArrayDeque<>(List.of(folder));
    while (!folders.isEmpty()) {
      for (FileStatus child : fileSystem.listStatus(folders.remove())) {
        if (child.isDirectory()) {
          folders.add(child.getPath());
        } else {
          files.add(child);
        }
      }
    }
    return files;
  }
}
