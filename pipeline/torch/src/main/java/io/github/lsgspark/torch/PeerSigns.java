package io.github.lsgspark.torch;

import java.util.Optional;

/** What the replicas of a group say of themselves, where all of them can read it. */
interface PeerSigns extends AutoCloseable {

  /** Says something of this replica in the place of what it said before. */
  void say(String text);

  /** What a replica said last. */
  Optional<String> of(int rank);

  /** Says that the group has failed; of several reasons one stays. */
  void fail(String reason);

  /** Why the group has failed, once a replica has said so. */
  Optional<String> failure();

  @Override
  void close();
}
