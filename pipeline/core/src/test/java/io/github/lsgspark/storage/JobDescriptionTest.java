package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class JobDescriptionTest {
  private final SparkSession session = LocalSpark.session();
  private final SparkContext spark = session.sparkContext();

  private static final class Heard extends SparkListener {
    private final List<String> descriptions = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onJobStart(SparkListenerJobStart job) {
      descriptions.add(job.properties().getProperty("spark.job.description"));
    }
  }

  @Test
  void jobsAreDescribedWhileItIsOpen() throws Exception {
    spark.setJobDescription("of the caller");
    Heard heard = new Heard();
    spark.addSparkListener(heard);
    try (JobDescription outer = JobDescription.of(spark, "graph, demo")) {
      outer.now("join %,d nodes", 2000);
      session.range(10).count();
      try (JobDescription inner = JobDescription.of(spark, "graph")) {
        inner.now("measure the recall");
        session.range(10).count();
      }
      session.range(10).count();
    }
    session.range(10).count();
    spark.listenerBus().waitUntilEmpty();
    spark.removeSparkListener(heard);
    spark.setJobDescription(null);
    assertThat(heard.descriptions.stream().distinct())
        .containsExactly(
            "graph, demo: join 2,000 nodes", "graph, demo: measure the recall", "of the caller");
    assertThat(heard.descriptions).last().isEqualTo("of the caller");
    assertThat(spark.getLocalProperty("lsg.stage")).isNull();
  }
}
