package io.holdfast.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The setting that says what a process does. */
class RoleTest {

    @Test
    void eachRoleIsReadBackAndAnotherWordIsRefusedInOneLine() {
        for (Role role : Role.values()) {
            assertEquals(role, Role.of(role.text()));
        }
        assertEquals(
                "holdfast.operator.role: set it to operator, injector, confirmed-death, not to \"leader\"",
                assertThrows(IllegalArgumentException.class, () -> Role.of("leader"))
                        .getMessage());
    }
}
