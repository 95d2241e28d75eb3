use super::*;

fn decode(bytes: &[u8]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs: Vec<_> = bytes.iter().flat_map(|&byte| decoder.push(byte)).collect();
    inputs.extend(decoder.give_up(Duration::from_secs(9)));
    assert_eq!(decoder.patience(Duration::ZERO), None, "nothing is left over of {bytes:?}");
    inputs
}

/// `C-x`, `A-Up`, `paste(text)`, `Down(Left)@3,4`: short enough for a table.
fn shown(bytes: &[u8]) -> String {
    let shown: Vec<_> = decode(bytes).iter().map(show).collect();
    shown.join(" ")
}

fn show(input: &Input) -> String {
    match input {
        Input::Key(key) => format!("{}{:?}", prefix(key.modifiers), key.code),
        Input::Mouse(at) => format!("{}{:?}@{},{}", prefix(at.modifiers), at.kind, at.column, at.row),
        Input::Paste(text) => format!("paste({text:?})"),
        other => format!("{other:?}"),
    }
}

fn prefix(modifiers: KeyModifiers) -> String {
    let names = [(KeyModifiers::CONTROL, "C-"), (KeyModifiers::ALT, "A-"), (KeyModifiers::SHIFT, "S-")];
    names.iter().filter(|(bit, _)| modifiers.contains(*bit)).map(|(_, name)| *name).collect()
}

#[test]
fn every_kind_of_key_is_told_from_its_bytes() {
    let table: &[(&[u8], &str)] = &[
        (b"n?", "Char('n') Char('?')"),
        (b"G", "S-Char('G')"),
        (b"\r\t\x7f \n", "Enter Tab Backspace Char(' ') C-Char('j')"),
        (b"\0\x03\x1a\x1c\x1f\x08", "C-Char(' ') C-Char('c') C-Char('z') C-Char('4') C-Char('7') C-Char('h')"),
        ("é汉😀".as_bytes(), "Char('é') Char('汉') Char('😀')"),
        (b"\x1b", "Esc"),
        (b"\x1b\x1b", "Esc Esc"),
        (b"\x1bx\x1b\x7f", "A-Char('x') A-Backspace"),
        (b"\x1b\x03\x1b\r", "Esc C-Char('c') Esc Enter"),
        ("\x1bé".as_bytes(), "A-Char('é')"),
        (b"\x1b[", "A-Char('[')"),
        (b"\x1bO", "A-S-Char('O')"),
        (b"\x1bX", "A-S-Char('X')"),
        (b"\x1bP", "A-S-Char('P')"),
        (b"\x1b]", "A-Char(']')"),
        (b"\x9bA\x8fB", "Up Down"),
        (b"\x1b[A\x1bOB\x1b[C\x1b[D", "Up Down Right Left"),
        (b"\x1b\x1b[A", "Esc Up"),
        (b"\x1b[1;5C\x1b[1;2A\x1b[1;3B\x1b[5;8~", "C-Right S-Up A-Down C-A-S-PageUp"),
        (b"\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End Home End"),
        (b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PageUp PageDown"),
        (b"\x1b[Z", "S-BackTab"),
        (b"\x1bOP\x1bOS\x1b[[A\x1b[[E\x1b[11~\x1b[15~", "F(1) F(4) F(1) F(5) F(1) F(5)"),
        (b"\x1b[17~\x1b[21~\x1b[23~\x1b[24~\x1b[34~\x1b[1;2P", "F(6) F(10) F(11) F(12) F(20) S-F(1)"),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), *expected, "{bytes:?}");
    }
}

#[test]
fn the_mouse_is_understood_in_both_notations() {
    let table: &[(&[u8], &str)] = &[
        (b"\x1b[<0;1;1M\x1b[<0;4;5m", "Down(Left)@0,0 Up(Left)@3,4"),
        (b"\x1b[<2;300;400M", "Down(Right)@299,399"),
        (b"\x1b[<32;2;3M\x1b[<35;2;3M", "Drag(Left)@1,2 Moved@1,2"),
        (b"\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<80;1;1M", "ScrollUp@0,0 ScrollDown@0,0 C-ScrollUp@0,0"),
        (b"\x1b[<0;0;65535M", "Down(Left)@0,65534"),
        (b"\x1b[<0;99999;1M\x1b[<0;-1;1M\x1b[<;;M\x1b[<0;1M\x1b[<200;1;1M", ""),
        (b"\x1b[M !!\x1b[M#$%", "Down(Left)@0,0 Up(Left)@3,4"),
        (b"\x1b[M\xff\xff\xffq", "Char('q')"),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), *expected, "{bytes:?}");
    }
}

#[test]
fn a_paste_is_one_piece_and_no_key_is_made_of_it() {
    let table: &[(&[u8], &str)] = &[
        (b"\x1b[200~q\x1b[A\x03\x1b[201~n", "paste(\"q\\u{1b}[A\\u{3}\") Char('n')"),
        (b"\x1b[200~a\rb\r\nc\nd\x1b[201~", "paste(\"a\\nb\\nc\\nd\")"),
        (b"\x1b[200~\x1b[201~", "paste(\"\")"),
        (b"\x1b[200~\xff\x1b[201~", "paste(\"\u{fffd}\")"),
        (b"\x1b[200~never ends", "paste(\"never ends\")"),
        (b"\x1b[201~n", "Char('n')"),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(bytes), *expected, "{bytes:?}");
    }
}

#[test]
fn noise_is_swallowed_and_the_next_key_is_not() {
    let noise: &[&[u8]] = &[
        b"\x1b[999~",
        b"\x1b[I",
        b"\x1b[1;2;3;4;5y",
        b"\x1bOz",
        b"\x1b[?62;c",
        b"\xff",
        b"\x80",
        b"\xe6\xb1",
        b"\xf8",
        b"\x1b[12",
        b"\x1b[3$",
        b"\x1b[24;80R",
        b"\x1b[?1;2A",
        b"\x1b[300;2~",
        b"\x9b2q",
        b"\x85",
    ];
    for noise in noise {
        let mut decoder = Decoder::default();
        let bytes = noise.iter().flat_map(|&byte| decoder.push(byte)).collect::<Vec<_>>();
        assert_eq!(bytes, [], "{noise:?}");
        assert_eq!(decoder.give_up(Duration::from_secs(9)), None, "{noise:?}");
        assert_eq!(decoder.push(b'q').count(), 1, "{noise:?}");
    }
    // Control characters and new sequences cut an unfinished one short.
    assert_eq!(shown(b"\x1b[12\x03"), "C-Char('c')");
    assert_eq!(shown(b"\x1b[12\x1b[A"), "Up");
    assert_eq!(shown(b"\xe6\xb1q"), "Char('q')");
}

/// What terminals answer to those who ask: a program that has ended may have asked, and not have waited.
#[test]
fn an_answer_is_swallowed_whole_and_the_next_key_is_not() {
    let long = format!("\x1b[{}q", "1;".repeat(40));
    let answers: &[&[u8]] = &[
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
        b"\x1b]4;1;rgb:cccc/0000/0000\x07",
        "\x1b]lquit \u{201c}q\u{201d}\x1b\\".as_bytes(),
        b"\x1bP1$r2 q\x1b\\",
        b"\x1bP>|xterm(388)\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b^q\x1b\\",
        b"\x1bXq\x1b\\",
        b"\x90q\x9c",
        b"\x9dq\x1b\\",
        b"\x1b[?65;1;2;4;6;8;9;15;16;17;18;21;22;28;29;314;999;1000;2000;3000c",
        long.as_bytes(),
        b"\x1b]52;c;never ends",
        b"\x1bP1$r2 \x1b]11;q\x07",
    ];
    for answer in answers {
        let mut decoder = Decoder::default();
        for &byte in *answer {
            assert_eq!(decoder.push(byte).next(), None, "{answer:?}");
            assert_eq!(decoder.give_up(Duration::from_millis(40)), None, "a slow line may cut it");
        }
        assert_eq!(decoder.give_up(Duration::from_secs(9)), None, "{answer:?}");
        assert_eq!(decoder.push(b'q').count(), 1, "{answer:?}");
    }
    // What a person types cuts one short that never ends.
    assert_eq!(shown(b"\x1b]11;rgb\x03q"), "C-Char('c') Char('q')");
    assert_eq!(shown(b"\x1b]11;rgb\x1b[A\x1bP1\x1bOB"), "Up Down");
}

#[test]
fn whoever_types_into_a_paste_or_an_answer_that_never_ends_is_heard_again() {
    for beginning in ["\x1b[200~begun", "\x1b]11;begun"] {
        let mut decoder = Decoder::default();
        let mut hear = |bytes: &[u8]| {
            assert!(bytes.iter().flat_map(|&byte| decoder.push(byte)).next().is_none());
            decoder.was_heard()
        };
        assert!(hear(beginning.as_bytes()), "this is how it begins");
        assert!(!(0..20).any(|_| hear(b"q")), "a key breaks no silence");
        assert!(hear("pasted on a slow line ".repeat(4).as_bytes()));
        assert!(!hear(b"q"), "and is counted anew from here");
        decoder.give_up(Duration::from_secs(9));
        assert_eq!((decoder.push(b'q').count(), decoder.was_heard()), (1, true));
    }
}

#[test]
fn a_long_noise_or_paste_takes_bounded_memory() {
    let mut decoder = Decoder::default();
    for _ in 0..1_000_000 {
        let _ = decoder.push(b'[').count() + decoder.push(b'1').count();
        assert!(decoder.begun.len() <= LONGEST_SEQUENCE);
        let _ = decoder.push(ESCAPE).count();
    }
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(3 * LONGEST_PASTE, b'x');
    bytes.extend(PASTE_ENDS);
    match &decode(&bytes)[..] {
        [Input::Paste(text)] => assert_eq!(text.len(), LONGEST_PASTE - PASTE_ENDS.len()),
        other => panic!("{} inputs", other.len()),
    }
}

#[test]
fn a_short_silence_decides_nothing() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.push(ESCAPE).count(), 0);
    assert_eq!(decoder.give_up(Duration::from_millis(49)), None);
    assert_eq!(decoder.patience(Duration::from_millis(20)), Some(Duration::from_millis(30)));
    assert_eq!(decoder.give_up(Duration::from_millis(50)), Some(key(KeyCode::Esc, KeyModifiers::NONE)));
}

/// Whatever comes, it is taken in and something can still be typed afterwards.
#[test]
fn any_bytes_at_all_are_survived() {
    let mut state = 1u64;
    for round in 0..20_000 {
        let mut decoder = Decoder::default();
        for _ in 0..round % 40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let byte = [state.to_be_bytes()[1], ESCAPE, b'[', b'M', b'<', b';', b'~', b'0'][(state >> 60) as usize % 8];
            let _ = decoder.push(byte).count();
        }
        decoder.pasting = None;
        decoder.give_up(Duration::from_secs(9));
        assert_eq!(decoder.push(b'q').count(), 1);
    }
}
