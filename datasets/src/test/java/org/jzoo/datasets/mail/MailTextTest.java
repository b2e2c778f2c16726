package org.jzoo.datasets.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MailTextTest {

    private static String body(String mail) {
        return MailText.body(mail.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void leavesOutAllHeaders() {
        assertEquals(
                "Hello\n\nBye",
                body(
                        """
                        From a@b  Thu Aug 22 2002
                        Received: from x
                        \tby y
                        Subject: Hi

                        Hello

                        Bye
                        """));
    }

    @Test
    void takesThePlainOneOfAlternatives() {
        assertEquals(
                "plain",
                body(
                        """
                        Content-Type: multipart/alternative; boundary="b1"

                        preamble
                        --b1
                        Content-Type: text/plain

                        plain
                        --b1
                        Content-Type: text/html

                        <p>rich</p>
                        --b1--
                        epilogue
                        """));
    }

    @Test
    void takesHtmlWhereThePlainAlternativeIsBlank() {
        assertEquals(
                "rich",
                body(
                        """
                        Content-Type: multipart/alternative;
                         boundary=b1

                        --b1

                        --b1
                        Content-Type: text/html

                        <p>rich</p>
                        --b1--
                        """));
    }

    @Test
    void joinsTextPartsAndLeavesOutAttachments() {
        assertEquals(
                "one\n\ntwo",
                body(
                        """
                        Content-Type: multipart/mixed; boundary=b1

                        --b1
                        Content-Type: text/plain

                        one
                        --b1
                        Content-Type: image/gif
                        Content-Transfer-Encoding: base64

                        R0lGODlhAQABAAAAACw=
                        --b1
                        Content-Type: message/rfc822

                        Subject: inner

                        two
                        --b1--
                        """));
    }

    @Test
    void decodesTransferEncodingsAndCharacterSets() {
        assertEquals(
                "gr\u00fcn = 5 long",
                body(
                        """
                        Content-Type: text/plain; charset=iso-8859-1
                        Content-Transfer-Encoding: quoted-printable

                        gr=FCn =3D 5 lo=
                        ng
                        """));
        assertEquals(
                "\u043f\u0440\u0438\u0432\u0435\u0442",
                body(
                        """
                        Content-Type: text/plain; charset=koi8-r
                        Content-Transfer-Encoding: base64

                        0NLJ18XU
                        """));
        byte[] undeclared =
                "Subject: x\n\nna\u00efve \u2019".getBytes(Charset.forName("windows-1252"));
        assertEquals("na\u00efve \u2019", MailText.body(undeclared));
        assertEquals("na\u00efve", body("Subject: x\n\nna\u00efve"));
    }

    @Test
    void brokenEncodingsAreReadAsFarAsTheyGo() {
        assertEquals("=ZZ a=", body("Content-Transfer-Encoding: quoted-printable\n\n=ZZ a="));
        assertEquals("abc", body("Content-Transfer-Encoding: base64\n\nYWJj!Z\n"));
        assertEquals("x", body("Content-Type: text/plain; charset=no-such-set\n\nx"));
        assertEquals("", body("Subject: no body"));
        assertEquals("x", body("Content-Type: multipart/mixed\n\nx"));
    }

    @Test
    void makesHtmlPlain() {
        assertEquals(
                "Deal & more\n\u20ac5 \u2013 now\nclick here",
                body(
                        "Content-Type: text/html\n\n"
                            + "<html><head><title>t</title><style>p{}</style></head><body><!-- x"
                            + " --><p>Deal &amp;\n"
                            + " more</p>&euro;5 &#8211; now<br><a"
                            + " href='u'>click</a>&nbsp;here</body></html>"));
    }

    @Test
    void masksAddressesLinksAndLongNumbers() {
        assertEquals(
                "Write [address] or see [link] or call [number], 25 of 2002",
                MailText.clean(
                        "Write  joe.x@mail.example.com or see http://a.example/b?c=1 or call"
                                + " 1-800-555-0199, 25 of 2002"));
    }

    @Test
    void cutsTheSignatureAndBlankLines() {
        assertEquals("a\n\nb", MailText.clean("a\r\n\r\n\r\n\r\n  b\r\n-- \r\nJoe\r\nACME"));
    }
}
