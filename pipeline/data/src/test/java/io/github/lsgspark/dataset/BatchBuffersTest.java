package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchBuffersTest {

  @Test
  void buffersHaveTheLengthThatIsAskedForWhateverItIs() {
    BatchBuffers buffers = new BatchBuffers(0);
    Random random = new Random(5);
    List<ByteBuffer> taken = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int bytes = 4 * (1 + random.nextInt(5000));
      ByteBuffer buffer = buffers.take(bytes);
      assertThat(buffer.capacity()).isEqualTo(bytes);
      assertThat(buffer.alignmentOffset(0, 64)).isZero();
      taken.add(buffer);
      if (random.nextBoolean()) {
        buffers.giveBack(taken.remove(random.nextInt(taken.size())));
      }
    }
  }
}
