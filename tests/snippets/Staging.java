package staging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@SpringBootApplication
public class Staging {
    public static void main(String[] arguments) {
        SpringApplication.run(Staging.class, arguments);
    }
}

@Component
class MerchantConsole {
    void cancel(String id) {
        if (!id.equals("b-1")) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        System.out.println("cancelled " + id);
    }
}

// PIECE docs/triggers.md | Spring | java
