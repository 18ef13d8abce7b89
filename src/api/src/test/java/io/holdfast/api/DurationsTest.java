package io.holdfast.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    private static final long SEED = 20261121;
    private static final String ALPHABET = "0123456789msh.PTHMS -+éٱ\0";

    @Test
    void eachUnitIsReadAsItIsWritten() {
        assertEquals(Optional.of(Duration.ofMillis(500)), Durations.parse("500ms"));
        assertEquals(Optional.of(Duration.ofSeconds(15)), Durations.parse("15s"));
        assertEquals(Optional.of(Duration.ofMinutes(2)), Durations.parse("2m"));
        assertEquals(Optional.of(Duration.ofHours(1)), Durations.parse("1h"));
        assertEquals(Optional.of(Duration.ZERO), Durations.parse("0s"));
        assertEquals(Optional.of(Duration.ofSeconds(15)), Durations.parse("PT15S"));
        assertEquals(Optional.of(Duration.ofMinutes(90)), Durations.parse("PT1H30M"));
        assertEquals(Optional.of(Duration.ofMillis(50)), Durations.parse("PT0.05S"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "15",
                "15 s",
                " 15s",
                "15s ",
                "-15s",
                "+15s",
                "1.5s",
                "15S",
                "15sec",
                "1h30m",
                "1d",
                "P1D",
                "PT",
                "PTS",
                "PT1.S",
                "pt15s",
                "PT-15S",
                "PT15",
                "PT1M1H",
                "PT0.0005S",
                "9999999999s",
                "PT9999999999S",
                "١٥s",
                "15ｓ",
                "1e3s",
                "0x1s",
                "∞"
            })
    void anythingElseIsNoDuration(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }

    @Test
    void whatIsWrittenIsReadBackForEveryUnit() {
        var random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            int amount = random.nextInt(1_000_000_000);
            assertEquals(Optional.of(Duration.ofMillis(amount)), Durations.parse(amount + "ms"), "seed " + SEED);
            assertEquals(Optional.of(Duration.ofSeconds(amount)), Durations.parse(amount + "s"), "seed " + SEED);
            assertEquals(Optional.of(Duration.ofMinutes(amount)), Durations.parse(amount + "m"), "seed " + SEED);
            assertEquals(Optional.of(Duration.ofHours(amount)), Durations.parse(amount + "h"), "seed " + SEED);
            var iso = Duration.ofMillis(amount);
            assertEquals(Optional.of(iso), Durations.parse(iso.toString()), "seed " + SEED);
        }
    }

    @Test
    void whateverIsReadIsReadAlikeByTheJdkAndNeverNegative() {
        var random = new Random(SEED);
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            var text = new StringBuilder(random.nextInt(4) == 0 ? "PT" : "");
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            var parsed = Durations.parse(text.toString());
            if (parsed.isPresent()) {
                read++;
                assertFalse(parsed.get().isNegative(), () -> "seed " + SEED + ": " + text);
                if (text.charAt(0) == 'P') {
                    assertEquals(Duration.parse(text), parsed.get(), () -> "seed " + SEED);
                }
            }
        }
        assertFalse(read < 1_000, "the generator made only " + read + " durations; seed " + SEED);
    }
}
