/// What transformers' tokenizer classes add to the files of a folder.
///
/// Source: transformers 4.46.3, `models/*/tokenization_*.py` and `tokenization_*_fast.py`; for
/// BLEURT's, bleurt_pytorch@a103117, `bleurt/tokenization_*.py`.
struct TokenizerClass {
  /// The kinds of classes that differ in how their files are read.
  enum Family {
    case bert, roberta, bart, gpt2, deberta, debertaV2, t5, llama, gemma, albert, xlmRoberta
  }

  /// The kind.
  let family: Family

  /// A class by its name without the mark of the fast variant.
  ///
  /// - Returns: `nil` for classes that add nothing known here.
  init?(name: String) {
    switch name {
    case "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "ConvBertTokenizer",
      "MobileBertTokenizer", "LxmertTokenizer", "SqueezeBertTokenizer", "BleurtTokenizer":
      family = .bert
    case "RobertaTokenizer", "LongformerTokenizer": family = .roberta
    case "BartTokenizer", "LEDTokenizer", "MvpTokenizer": family = .bart
    case "GPT2Tokenizer", "CodeGenTokenizer": family = .gpt2
    case "DebertaTokenizer": family = .deberta
    case "DebertaV2Tokenizer", "BleurtSPTokenizer": family = .debertaV2
    case "T5Tokenizer", "MT5Tokenizer": family = .t5
    case "LlamaTokenizer": family = .llama
    case "GemmaTokenizer": family = .gemma
    case "AlbertTokenizer": family = .albert
    case "XLMRobertaTokenizer": family = .xlmRoberta
    default: return nil
    }
  }

  /// A class by the files of its kind.
  init(family: Family) { self.family = family }

  /// The tokens that have a role unless a folder says otherwise.
  var defaultRoles: [String: String] {
    switch family {
    case .bert:
      [
        "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
        "mask_token": "[MASK]",
      ]
    case .roberta, .bart, .xlmRoberta:
      [
        "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>",
        "pad_token": "<pad>", "cls_token": "<s>", "mask_token": "<mask>",
      ]
    case .gpt2:
      [
        "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
      ]
    case .deberta, .debertaV2:
      [
        "bos_token": "[CLS]", "eos_token": "[SEP]", "unk_token": "[UNK]", "sep_token": "[SEP]",
        "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]",
      ]
    case .t5: ["eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"]
    case .llama: ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"]
    case .gemma:
      ["bos_token": "<bos>", "eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>"]
    case .albert:
      [
        "bos_token": "[CLS]", "eos_token": "[SEP]", "unk_token": "<unk>", "sep_token": "[SEP]",
        "pad_token": "<pad>", "cls_token": "[CLS]", "mask_token": "[MASK]",
      ]
    }
  }

  /// How a token with a role is matched when a folder names its text alone and has no
  /// `tokenizer.json`.
  ///
  /// - Returns: `nil` when the token is only added where it is not there yet.
  func token(_ content: String, role: String) -> AddedVocabulary.Token? {
    var token = AddedVocabulary.Token(content: Array(content.utf8), isSpecial: true)
    let isMask = role == "mask_token"
    switch family {
    case .bert: return nil
    case .roberta:
      token.stripsLeft = isMask
      token.isNormalized = !isMask
    case .bart:
      token.stripsLeft = isMask
      token.isNormalized = true
    case .gpt2: token.isNormalized = true
    case .deberta, .albert, .xlmRoberta:
      token.stripsLeft = isMask
      token.isNormalized = isMask && family != .albert
    case .debertaV2: token.isNormalized = role == "unk_token"
    case .t5, .llama, .gemma: break
    }
    return token
  }
}
