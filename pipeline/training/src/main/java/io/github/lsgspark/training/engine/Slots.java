package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;

/**
 * Room for replicas on executors.
 *
 * @param each executor
 * @param taskCpus cores that a replica needs at least
 */
record Slots(List<Executor> each, int taskCpus) {
  private static final Pattern LOCAL = Pattern.compile("local\\[\\s*([0-9]+|\\*)\\s*(,.*)?]");

  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*([0-9]+)\\s*,\\s*([0-9]+)\\s*,.*]");

  /**
   * An executor.
   *
   * @param gpus -1 where replicas take none
   */
  record Executor(int cores, int gpus) {
    int slots(int cpus) {
      return gpus < 0 ? cores / cpus : Math.min(cores / cpus, gpus);
    }
  }

  /**
   * The executors now there.
   *
   * @param onGpus whether a replica takes a GPU where executors have some
   */
  static Slots of(SparkContext spark, boolean onGpus) {
    List<Executor> each = new ArrayList<>();
    boolean gpus = false;
    Iterator<ExecutorSummary> all = spark.statusStore().executorList(true).iterator();
    while (all.hasNext()) {
      ExecutorSummary executor = all.next();
      if (!executor.id().equals("driver")) {
        int own =
            executor.resources().contains("gpu")
                ? executor.resources().apply("gpu").addresses().length
                : 0;
        gpus |= onGpus && own > 0;
        each.add(new Executor(executor.totalCores(), own));
      }
    }
    if (!gpus) {
      each.replaceAll(executor -> new Executor(executor.cores(), -1));
    }
    return new Slots(List.copyOf(each), spark.conf().getInt("spark.task.cpus", 1));
  }

  /** Cores of a local master: of {@code local[4]} 4, of {@code local} 1. */
  static int localCores(String master) {
    Matcher matcher = LOCAL.matcher(master);
    if (!matcher.matches()) {
      return 1;
    }
    return matcher.group(1).equals("*")
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(matcher.group(1));
  }

  int executors() {
    return each.size();
  }

  boolean haveGpus() {
    return each.stream().anyMatch(executor -> executor.gpus() >= 0);
  }

  /** Replicas that have room at the same time. */
  int count() {
    return count(taskCpus);
  }

  private int count(int cpus) {
    return each.stream().mapToInt(executor -> executor.slots(cpus)).sum();
  }

  /** One replica per executor, or per GPU. */
  int everywhere() {
    return each.stream().mapToInt(executor -> Math.max(1, executor.gpus())).sum();
  }

  /** The most cores that each of so many replicas can have. */
  int cpusOfEach(int replicas) {
    int cpus = each.stream().mapToInt(Executor::cores).max().orElse(1);
    while (cpus > 1 && count(cpus) < replicas) {
      cpus--;
    }
    return Math.max(1, cpus);
  }

  /** As in "2 executors of 2 cores with spark.task.cpus = 1". */
  @Override
  public String toString() {
    return describe(
        executors(),
        range(each.stream().mapToInt(Executor::cores).summaryStatistics()),
        haveGpus() ? range(each.stream().mapToInt(Executor::gpus).summaryStatistics()) : "",
        taskCpus);
  }

  private static String range(java.util.IntSummaryStatistics values) {
    return values.getMin() == values.getMax()
        ? Integer.toString(values.getMin())
        : values.getMin() + " to " + values.getMax();
  }

  private static String describe(int executors, String cores, String gpus, int taskCpus) {
    return executors
        + " executor(s) of "
        + cores
        + " cores"
        + (gpus.isEmpty() ? "" : " and " + gpus + " GPUs")
        + " with spark.task.cpus = "
        + taskCpus;
  }

  /**
   * The executors that the configuration asks for, as far as it says.
   *
   * @param executors 0: it does not say how many
   * @param cores of each; 0: it does not say
   * @param gpus of each; -1 where replicas take none
   */
  record Asked(int executors, int cores, int gpus, int taskCpus) {
    static Asked of(SparkConf conf, boolean onGpus) {
      int gpus = onGpus ? conf.getInt("spark.executor.resource.gpu.amount", 0) : 0;
      String master = conf.get("spark.master", "");
      Matcher inJvms = LOCAL_CLUSTER.matcher(master);
      int executors = conf.getInt("spark.executor.instances", 0);
      int cores = conf.getInt("spark.executor.cores", 0);
      if (inJvms.matches()) {
        executors = Integer.parseInt(inJvms.group(1));
        cores = Integer.parseInt(inJvms.group(2));
      } else if (master.startsWith("spark://")) {
        // A standalone master gives executors until all cores are given.
        executors = cores == 0 ? 0 : conf.getInt("spark.cores.max", 0) / cores;
      }
      return new Asked(executors, cores, gpus == 0 ? -1 : gpus, conf.getInt("spark.task.cpus", 1));
    }

    /**
     * @throws LsgException exit 4 if so many replicas have no room even when all are there
     */
    void requireRoom(int wanted) {
      if (wanted == 0 || executors == 0 || (cores == 0 && gpus < 0)) {
        return;
      }
      Executor one = new Executor(cores == 0 ? Integer.MAX_VALUE : cores, gpus);
      long offered = (long) executors * one.slots(taskCpus);
      if (wanted > offered) {
        throw LsgException.environment(
            "train.replicas = "
                + wanted
                + ", but the "
                + describe(
                    executors,
                    cores == 0 ? "some" : Integer.toString(cores),
                    gpus < 0 ? "" : Integer.toString(gpus),
                    taskCpus)
                + " that were asked for offer "
                + offered
                + ": ask for more (spark.executor.instances), or lower train.replicas",
            null);
      }
    }
  }
}
