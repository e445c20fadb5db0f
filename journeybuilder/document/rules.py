"""What can be wrong with a file as such, whatever it is about (JB100 to JB119, JB130 to JB139)."""

from journeybuilder.document.findings import Rule

ENCODING = Rule(
    code="JB100",
    severity="error",
    title="The file is not UTF-8 text",
    why="Every file of a workspace is UTF-8; anything else would be read as other letters.",
    mend="Save the file as UTF-8 in your editor.",
    example="(a file saved as UTF-16 or Latin-1)",
)
SYNTAX = Rule(
    code="JB101",
    severity="error",
    title="The text is not YAML",
    why="Nothing of the file can be used until it can be read.",
    mend="Mend the line that the finding names; often a quote, a colon or a bracket is missing.",
    example='title: "Return an order\nstart: which',
)
TAB = Rule(
    code="JB102",
    severity="error",
    title="A tab where YAML wants blanks",
    why="A tab has no fixed width, so YAML does not allow it for indentation.",
    mend="Replace the tab with blanks; set your editor to indent with two blanks.",
    example="nodes:\n\tbye: {kind: end}",
)
CONTROL = Rule(
    code="JB103",
    severity="error",
    title="A control character in the text",
    why="It cannot be seen, and most programs that read the file would stumble over it.",
    mend='Delete it, or write it inside double quotes as an escape such as "\\x07".',
    example="title: Return<0x07> an order",
)
DUPLICATE_KEY = Rule(
    code="JB104",
    severity="error",
    title="The same key twice",
    why="Only one of the two values can hold, and it is not clear which one was meant.",
    mend="Remove or rename one of the two.",
    example="bye:\n  kind: end\n  outcome: closed\n  outcome: resolved",
)
KEY_TYPE = Rule(
    code="JB105",
    severity="error",
    title="A key that is not text",
    why="Keys are names; a number, a list or nothing cannot be one.",
    mend="Put the key in quotes.",
    example="decisions: {1: label}",
)
TAG = Rule(
    code="JB106",
    severity="error",
    title="A part of YAML that these files do not use",
    why="Tags such as `!!str` and merge keys `<<` mean different things to different programs.",
    mend="Write the value as it is, in quotes where it shall be text.",
    example="version: !!str 3",
)
DOCUMENTS = Rule(
    code="JB107",
    severity="error",
    title="Several documents in one file",
    why="A file holds one journey or one scenario, so that it can be found by its name.",
    mend="Move what follows the `---` to a file of its own.",
    example="journey: a\n---\njourney: b",
)
BOUNDS = Rule(
    code="JB108",
    severity="error",
    title="The file is too big, too deep or refers to itself",
    why="A file that unfolds without end would stop the program for everybody.",
    mend="Split the file, or write out what its aliases (`*name`) stand for.",
    example="nodes: &all {again: *all}",
)
NUMBER = Rule(
    code="JB109",
    severity="error",
    title="A number that JSON does not have",
    why="Tools take JSON, which knows neither infinity nor `.nan`.",
    mend="Write a finite number, or put the text in quotes.",
    example="limits: {cost_usd: .inf}",
)
VERSION = Rule(
    code="JB110",
    severity="error",
    title="The format version is missing",
    why="`journeybuilder: 1` says by which rules the file is read, now and in ten years.",
    mend="Write `journeybuilder: 1` as the first line.",
    example="journey: order-return\nnodes: {}",
)
NEWER = Rule(
    code="JB111",
    severity="error",
    title="The file is of a newer version",
    why="Reading it by older rules could do something else than its author meant.",
    mend="Update journeybuilder.",
    example="journeybuilder: 2",
)
SAME_ID = Rule(
    code="JB112",
    severity="error",
    title="Two files with the same id",
    why="Other journeys and scenarios name it by its id, which must lead to one file.",
    mend="Give one of them another id.",
    example="journey: order-return    # in two files",
)
BAD_ID = Rule(
    code="JB113",
    severity="error",
    title="An id that is not allowed",
    why="Ids stand in file names, links, expressions and traces, where other characters break.",
    mend="Journeys: small letters, digits and `-`. Nodes: letters, digits and `_`. A letter first.",
    example="journey: Order Return",
)
UNKNOWN_KEY = Rule(
    code="JB114",
    severity="error",
    title="An unknown key",
    why="A misspelled key would otherwise be ignored in silence.",
    mend="Correct the spelling, or remove the key.",
    example="journey: order-return\ntitel: Return an order",
)
WRONG_TYPE = Rule(
    code="JB115",
    severity="error",
    title="A value of the wrong type",
    why="What stands here cannot be used as what the key stands for.",
    mend="Write the value in the form that the finding names.",
    example="journey: order-return\nnodes: none",
)
LITERAL_SECRET = Rule(
    code="JB116",
    severity="error",
    title="A secret in the file",
    why="Everybody who can read the repository, and its history for ever, would have it.",
    mend="Store it with the system's keyring and write `${secret:NAME}`. Change the secret itself.",
    example="models:\n  fast: {model: openai/gpt-5-mini, api_key: sk-123}",
)
UNREADABLE = Rule(
    code="JB117",
    severity="error",
    title="A file cannot be read",
    why="What it holds is missing from the workspace.",
    mend="Check that it is a file and that you may read it.",
    example="(a folder named bye.journey.yaml)",
)
NO_ID = Rule(
    code="JB118",
    severity="error",
    title="The id is missing",
    why="Other files and the command line name it by its id.",
    mend="Write `journey: some-id` (or `scenario: some name`) below the version.",
    example="journeybuilder: 1\nnodes: {}",
)
OLDER = Rule(
    code="JB119",
    severity="warning",
    title="The file is of an older version",
    why="It was read as if it were of today's version; others who read it must do the same.",
    mend="Run `jb fmt`, which writes it in today's version, and look at what has changed.",
    example="(a file of a version before the one that this program writes)",
)
UNDECIDED = Rule(
    code="JB130",
    severity="error",
    title="A conflict of a merge is left",
    why="Two people changed the same place, and nobody has decided yet which change holds.",
    mend="Decide, write what shall hold, and delete the comment.",
    example="# conflict: title: we say 'Return', they say 'Send back'\ntitle: Return",
)
NO_SUCH_NODE = Rule(
    code="JB131",
    severity="warning",
    title="A place for a node that the journey does not have",
    why="It has no effect; often the node was renamed in the journey alone.",
    mend="Correct the id, or remove the entry.",
    example="layout: order-return\nnodes: {wich: {at: [0, 0]}}",
)
BAD_DRAWING = Rule(
    code="JB132",
    severity="warning",
    title="A frame, note, color or bookmark that cannot be shown as it is written",
    why="The journey runs all the same, but its drawing does not look as somebody meant it.",
    mend="Write it as the editor does, or remove the entry.",
    example="layout: order-return\nnotes: {hint: {text: Ask the desk, at: [40, 20], color: yelow}}",
)

RULES = (
    ENCODING,
    SYNTAX,
    TAB,
    CONTROL,
    DUPLICATE_KEY,
    KEY_TYPE,
    TAG,
    DOCUMENTS,
    BOUNDS,
    NUMBER,
    VERSION,
    NEWER,
    SAME_ID,
    BAD_ID,
    UNKNOWN_KEY,
    WRONG_TYPE,
    LITERAL_SECRET,
    UNREADABLE,
    NO_ID,
    OLDER,
    UNDECIDED,
    NO_SUCH_NODE,
    BAD_DRAWING,
)
