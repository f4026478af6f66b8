package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The heads that vote, each by what it has of its own. */
class VoteMembersTest {

  private static Map<String, Loaded> members(String hocon) {
    return VoteMembers.of(SettingsLoader.load(hocon, Map.of()));
  }

  @Test
  void eachIsTheFileWithItsOwnKeysOverIt() {
    Map<String, Loaded> members =
        members(
            """
            head.lambda = 0.3
            train.image-size = 64
            ssl.strategy = none
            vote.members {
              wide { features.image-size = 96, train.image-size = 80 }
              gauss { head { kind = gda, unlabelled = spread } }
            }
            """);
    assertThat(members.keySet()).containsExactly("gauss", "wide");
    Settings wide = members.get("wide").settings();
    assertThat(wide.features().imageSize()).isEqualTo(96);
    assertThat(wide.train().imageSize()).isEqualTo(80);
    assertThat(wide.head().lambda()).isEqualTo("0.3");
    Settings gauss = members.get("gauss").settings();
    assertThat(gauss.train().imageSize()).isEqualTo(64);
    assertThat(gauss.head().unlabelled()).isEqualTo(HeadSettings.Unlabelled.SPREAD);
    assertThat(VoteMembers.of(members.get("gauss"))).isEmpty();
  }

  @Test
  void aMethodAddsMembers() {
    Loaded base = SettingsLoader.load("vote.members.a { head.kind = gda }", Map.of());
    Loaded method =
        SettingsLoader.overlay(
            base, ConfigFactory.parseString("vote.members.b { head.kind = ridge }"));
    assertThat(VoteMembers.of(method)).containsOnlyKeys("a", "b");
    assertThat(members("compare.methods.m { vote.members { a {}, b {} } }")).isEmpty();
  }

  @Test
  void theCommandLineNamesThemToo() {
    Loaded loaded =
        SettingsLoader.load("", Map.of("vote.members", "{ a {}, b { head.kind = gda } }"));
    assertThat(VoteMembers.of(loaded)).containsOnlyKeys("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vote.members.a { data.train = x }   | vote.members.a.data.train cannot be a member's own",
        "vote.members.a { train.epochs = 3 } | vote.members.a.train.epochs cannot be a member's",
        "vote.members.a { vote.balance = true } | vote.members.a.vote.balance cannot be a member's",
        "vote.members.a { head.kin = gda }   | unknown key vote.members.a.head.kin; did you mean",
        "vote.members.a { head.root = cube } | vote.members.a: ",
        "vote.members.a { train.image-size = 3 } | vote.members.a: ",
        "vote.members.a = gda                | a is a section",
        "vote.member.a { head.kind = gda }   | unknown key vote.member",
        "vote.ballots = both                 | vote.ballots",
        "compare.methods.m.vote.members.a { data.train = x } | vote.members.a.data.train cannot",
      })
  void faultsAreNamed(String hocon, String told) {
    assertThatThrownBy(() -> SettingsLoader.load(hocon, Map.of()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(told)
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.USAGE);
  }
}
