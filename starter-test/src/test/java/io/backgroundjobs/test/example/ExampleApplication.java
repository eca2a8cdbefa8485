package io.backgroundjobs.test.example;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application as a user of the test kit has one.
 */
@SpringBootApplication
class ExampleApplication {

}
