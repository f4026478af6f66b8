package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.GarbageCollector;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists what of a work directory nothing needs any more, and removes it if asked to. */
@Command(
    name = "gc",
    footer = {"", "Example:", "  submit/lsg gc --work-dir work/demo", "", StageHelp.EXIT_CODES},
    mixinStandardHelpOptions = true,
    description = {
      "Lists old outputs of a work directory, with their sizes: those finished long ago that the",
      "latest run does not name and no younger output was made of, and what runs that broke down",
      "have left. Removes them with --delete, and only then."
    })
final class GcCommand implements Callable<Integer> {
  @Option(
      names = "--work-dir",
      required = true,
      paramLabel = "DIR",
      description = "A folder or any Hadoop file system.")
  private String workDir;

  @Option(
      names = "--older-than",
      paramLabel = "DAYS",
      defaultValue = "30",
      description = "What is younger stays (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(names = "--delete", description = "Removes what is listed.")
  private boolean delete;

  @Option(names = "--conf", paramLabel = "spark.key=value", description = "Sets one key of Spark.")
  private Map<String, String> spark = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (days < 1) {
      // What goes on now is younger than a day.
      throw LsgException.usage("--older-than must be at least 1, but was: " + days);
    }
    HadoopFiles files = new HadoopFiles(new SparkLauncher(null, spark).hadoop());
    if (!delete) {
      return over(files);
    }
    try (GarbageCollector.Removal removal = GarbageCollector.begin(files, workDir)) {
      return over(files);
    }
  }

  /** Lists what is old, and removes it if that was asked for. */
  private int over(HadoopFiles files) {
    List<GarbageCollector.Item> old =
        GarbageCollector.find(files, workDir, Instant.now().minus(Duration.ofDays(days)));
    long bytes = 0;
    int removable = 0;
    int failed = 0;
    for (GarbageCollector.Item item : old) {
      System.out.printf(
          Locale.ROOT,
          "%s  %,15d bytes  %-40s %s%n",
          item.time().truncatedTo(ChronoUnit.SECONDS),
          item.bytes(),
          item.path(),
          item.what());
      if (!item.removable()) {
        continue;
      }
      removable++;
      bytes += item.bytes();
      if (delete && !remove(files, HadoopFiles.path(workDir, item.path()))) {
        failed++;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d of them, %,d bytes, %s%n",
        removable,
        bytes,
        delete
            ? failed == 0 ? "removed" : "but " + failed + " could not be removed"
            : "still there: --delete removes them");
    return failed == 0 ? 0 : LsgException.FAILED;
  }

  /** Removes one; a failure is told, and the others are removed all the same. */
  private static boolean remove(HadoopFiles files, String path) {
    try {
      files.delete(path);
      return true;
    } catch (UncheckedIOException e) {
      System.err.println("lsg: could not be removed: " + e.getMessage());
      return false;
    }
  }
}
