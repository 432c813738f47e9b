package org.grlu.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.grlu.TestData;
import org.grlu.math.Floats;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTest {
  private static final NetworkShape SHAPE = TestData.relu(Skip.NONE, 4, 3, 2);

  private static State with(State.Reader reader, String name, float... values) {
    return State.NONE.and(name, reader, List.of(values.length), Floats.over(values));
  }

  @Test
  void theDigestIsOverNamesInTheirOrder() {
    State.Reader update = State.Reader.UPDATE;
    State ab = with(update, "aa", 1).and("bb", update, List.of(1), Floats.over(new float[] {2}));
    State ba = with(update, "bb", 2).and("aa", update, List.of(1), Floats.over(new float[] {1}));
    // python3: hashlib.sha256(b"aa\0" + struct.pack("<f", 1) + b"bb\0" + struct.pack("<f", 2))
    assertThat(ab.sha256())
        .isEqualTo(ba.sha256())
        .isEqualTo("abae41b4d70ec121daeff199072c931d9f9769927417114cbf20b428c329f1e0")
        .isNotEqualTo(with(update, "aa", 1, 2).sha256());
    assertThat(State.NONE.sha256()).isNull();
  }

  @Test
  void onlyWhatLeavesReadTravelsWithTheWeights() {
    State state =
        with(State.Reader.LEAVES, "feedback", 1, 2)
            .and("moments", State.Reader.UPDATE, List.of(3), Floats.over(new float[] {3, 4, 5}));
    Weights weights = Weights.initial(SHAPE, 1).with(state);
    byte[] packed = new byte[weights.packedBytes()];
    weights.pack(packed);
    assertThat(packed).hasSize(Weights.initial(SHAPE, 1).packedBytes() + 2 * Float.BYTES);
    State there = with(State.Reader.LEAVES, "feedback", 0, 0);
    Weights other = new Weights(SHAPE).with(there);
    other.unpack(packed);
    assertThat(there.array("feedback").toArray()).containsExactly(1, 2);
    assertThat(other.sha256()).isEqualTo(weights.sha256());
    assertThatThrownBy(() -> there.array("moments"))
        .hasMessage("state moments: there is none; there are [feedback]");
  }

  @Test
  void whatIsFixedIsMadeWhereItIsNeededAndNowhereKept() {
    State state = with(State.Reader.FIXED, "drawn", 1, 2);
    State more = state.and("moment", State.Reader.UPDATE, List.of(1), Floats.over(new float[] {3}));
    Weights plain = Weights.initial(SHAPE, 1);
    Weights weights = plain.with(more);
    assertThat(state.ofLeaves().array("drawn").toArray()).containsExactly(1, 2);
    assertThat(weights.packedBytes()).isEqualTo(plain.packedBytes());
    byte[] packed = new byte[weights.packedBytes()];
    weights.pack(packed);
    State there = with(State.Reader.FIXED, "drawn", 4, 5);
    new Weights(SHAPE).with(there).unpack(packed);
    assertThat(there.array("drawn").toArray()).containsExactly(4, 5);
    assertThat(state.isEmpty()).isTrue();
    assertThat(state.sha256()).isNull();
    assertThat(more.isEmpty()).isFalse();
    assertThat(more.sha256()).isEqualTo(with(State.Reader.UPDATE, "moment", 3).sha256());
    byte[] file = ModelFile.write(plain.with(state), Map.of());
    assertThat(file).isEqualTo(ModelFile.write(plain, Map.of()));
    Weights read = ModelFile.read(file).weights(SHAPE, there);
    assertThat(read.state().array("drawn").toArray()).containsExactly(4, 5);
  }

  @Test
  void aFileWithoutTheStateIsRefusedByName() {
    State state = with(State.Reader.UPDATE, "moments", 1, 2);
    ModelFile none = ModelFile.read(ModelFile.write(Weights.initial(SHAPE, 1), Map.of()));
    assertThatThrownBy(() -> none.weights(SHAPE, state))
        .isInstanceOf(ModelFileException.class)
        .hasMessage("array moments: missing, must have shape [2]");
    Weights longer = Weights.initial(SHAPE, 1).with(with(State.Reader.UPDATE, "moments", 1, 2, 3));
    ModelFile other = ModelFile.read(ModelFile.write(longer, Map.of()));
    assertThatThrownBy(() -> other.weights(SHAPE, state))
        .hasMessage("array moments: shape [3], must have shape [2]");
    float[] values = {1, Float.NaN};
    Weights broken = Weights.initial(SHAPE, 1).with(with(State.Reader.UPDATE, "moments", values));
    ModelFile nan = ModelFile.read(ModelFile.write(broken, Map.of()));
    assertThatThrownBy(() -> nan.weights(SHAPE, state))
        .hasMessage("array moments: NaN or infinite values");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b1", "W0", "epochs", "epochs_columns", "checkpoint_version", "a", ""})
  void aNameThatAnotherArrayHasIsRefused(String name) {
    assertThatThrownBy(() -> with(State.Reader.UPDATE, name, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("state " + name);
  }
}
