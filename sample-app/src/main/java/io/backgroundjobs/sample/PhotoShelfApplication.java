package io.backgroundjobs.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the photo shelf.
 */
@SpringBootApplication
public class PhotoShelfApplication {

	public static void main(String[] args) {
		SpringApplication.run(PhotoShelfApplication.class, args);
	}

}
